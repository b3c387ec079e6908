#include "server/page.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string_view>

namespace loan {
namespace {

namespace fs = std::filesystem;

std::string content_type_of(const fs::path& file) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> types{{{".html", "text/html; charset=utf-8"},
                                                                                        {".css", "text/css; charset=utf-8"},
                                                                                        {".js", "text/javascript; charset=utf-8"},
                                                                                        {".json", "application/json"},
                                                                                        {".svg", "image/svg+xml"},
                                                                                        {".png", "image/png"},
                                                                                        {".ico", "image/x-icon"},
                                                                                        {".woff2", "font/woff2"}}};
    const auto it = std::ranges::find(types, file.extension().string(), &std::pair<std::string_view, std::string_view>::first);
    return it == types.end() ? "application/octet-stream" : std::string{it->second};
}

bool is_within(const fs::path& folder, const fs::path& file) {
    const auto [end, rest] = std::ranges::mismatch(folder, file);
    return end == folder.end() && rest != file.end();
}

kontor::RestResponse serve(const fs::path& folder, const std::string& name) {
    if (auto file = page_file(folder, name)) return {200, std::move(file->content_type), std::move(file->content)};
    return {404, "text/plain; charset=utf-8", "There is no such file here.\n"};
}

}  // namespace

std::optional<PageFile> page_file(const fs::path& folder, const std::string& name) {
    if (name.find('\0') != std::string::npos) return {};
    std::error_code missing;
    const fs::path home = fs::canonical(folder, missing);
    if (missing) return {};
    // Canonical: what `..`, an absolute name or a link really leads to. Only then can be said whether it lies within.
    const fs::path file = fs::canonical(home / name, missing);
    if (missing || !is_within(home, file) || !fs::is_regular_file(file, missing)) return {};
    std::ifstream in{file, std::ios::binary};
    if (!in) return {};
    return PageFile{content_type_of(file), {std::istreambuf_iterator<char>{in}, {}}};
}

std::vector<kontor::RestRoute> page_routes(const fs::path& folder) {
    static constexpr std::string_view prefix = "/page/";
    return {{"GET", "/", [folder](const kontor::RestRequest&) { return serve(folder, "index.html"); }},
            {"GET", "/page/*", [folder](const kontor::RestRequest& request) { return serve(folder, request.path.substr(prefix.size())); }}};
}

}  // namespace loan

#include "cli/files.hpp"

#include "cli/failure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

namespace kontor::cli {
namespace {

namespace fs = std::filesystem;

std::string read(std::istream& stream, const std::string& name) {
    constexpr std::size_t largest = 256u << 20;
    std::string text;
    std::string part(1u << 16, '\0');
    while (stream.read(part.data(), static_cast<std::streamsize>(part.size())) || stream.gcount() > 0) {
        text.append(part, 0, static_cast<std::size_t>(stream.gcount()));
        if (text.size() > largest) throw WorldFailed{name + " is larger than 256 MB"};
    }
    if (stream.bad()) throw WorldFailed{"cannot read " + name + ": " + std::strerror(errno)};
    return text;
}

template <class Iterator>
void collect(const fs::path& folder, std::string_view ending, std::vector<std::string>& found) {
    std::error_code error;
    for (Iterator it{folder, fs::directory_options::skip_permission_denied, error}, end; !error && it != end; it.increment(error))
        if (it->path().filename().string().ends_with(ending) && it->is_regular_file(error)) found.push_back(it->path().string());
    if (error) throw WorldFailed{"cannot read the folder " + folder.string() + ": " + error.message()};
}

}  // namespace

yaml::Source read_file(const std::string& name) {
    if (name == "-") return {"standard input", read(std::cin, "standard input")};
    std::error_code error;
    if (fs::is_directory(name, error)) throw WorldFailed{"cannot read " + name + ": it is a folder"};
    errno = 0;
    std::ifstream file{name, std::ios::binary};
    if (!file) throw WorldFailed{"cannot read " + name + ": " + std::strerror(errno)};
    return {name, read(file, name)};
}

void write_file(const std::string& name, std::string_view text) {
    errno = 0;
    std::ofstream file{name, std::ios::binary | std::ios::trunc};
    if (!file.write(text.data(), static_cast<std::streamsize>(text.size())).flush())
        throw WorldFailed{"cannot write " + name + ": " + std::strerror(errno)};
}

yaml::Resolver beside_the_file() {
    return [](std::string_view relative, const yaml::Source& from) -> std::optional<yaml::Source> {
        const fs::path path = fs::path{from.name}.parent_path() / relative;
        std::error_code error;
        if (!fs::is_regular_file(path, error)) return std::nullopt;
        return read_file(path.string());
    };
}

std::vector<std::string> files_in(const fs::path& folder, std::string_view ending, bool below) {
    std::vector<std::string> found;
    if (below) collect<fs::recursive_directory_iterator>(folder, ending, found);
    else collect<fs::directory_iterator>(folder.empty() ? fs::path{"."} : folder, ending, found);
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace kontor::cli

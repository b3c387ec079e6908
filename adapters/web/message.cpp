#include "web/message.hpp"

#include <algorithm>
#include <array>

namespace kontor::web {

const std::string* Request::header(std::string_view name) const {
    const auto it = std::ranges::find(headers, name, [](const auto& h) -> std::string_view { return h.first; });
    return it == headers.end() ? nullptr : &it->second;
}

std::string_view reason_of(int status) noexcept {
    constexpr std::array<std::pair<int, std::string_view>, 22> reasons{{
        {200, "OK"}, {201, "Created"}, {202, "Accepted"}, {204, "No Content"}, {301, "Moved Permanently"}, {302, "Found"}, {304, "Not Modified"},
        {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"}, {408, "Request Timeout"},
        {409, "Conflict"}, {413, "Content Too Large"}, {415, "Unsupported Media Type"}, {422, "Unprocessable Content"}, {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"}, {500, "Internal Server Error"}, {503, "Service Unavailable"}, {504, "Gateway Timeout"}}};
    const auto it = std::ranges::find(reasons, status, &std::pair<int, std::string_view>::first);
    return it == reasons.end() ? "" : it->second;
}

}  // namespace kontor::web

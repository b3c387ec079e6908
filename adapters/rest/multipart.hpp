#pragma once
/// multipart/form-data (RFC 7578), whole in memory: definitions are small and the server limits bodies.
#include <string>
#include <string_view>
#include <vector>

namespace kontor::rest {

struct Part {
    std::string name{};
    std::string file_name{};
    std::string content{};
};
/// Throws Error{bad_input} for another content type or a body that does not fit it.
std::vector<Part> read_multipart(const std::string& content_type, const std::string& body);

}  // namespace kontor::rest

#include "http/url.hpp"

#include <kontor/error.hpp>

#include <algorithm>
#include <charconv>

namespace kontor::http_client {

namespace {

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
    // A password in an address must not get into a log.
    const std::string shown = text.find('@') == text.npos ? "'" + std::string{text} + "' " : "";
    throw Error{Code::bad_input, "base_url " + shown + why};
}

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port > 0 && port < 65536;
}

bool is_host(std::string_view host, bool in_brackets) {
    return !host.empty() && std::ranges::all_of(host, [&](char c) { return is_plain(c) || (in_brackets && c == ':'); });
}

bool is_path(std::string_view path) {
    return std::ranges::all_of(path, [](char c) { return is_plain(c) || std::string_view{"/%!$&'()*+,;=:@"}.find(c) != std::string_view::npos; });
}

}  // namespace

std::string Url::host_header() const {
    const std::string name = host.find(':') == host.npos ? host : "[" + host + "]";
    return port == (tls ? "443" : "80") ? name : name + ":" + port;
}

std::string Url::origin() const { return (tls ? "https://" : "http://") + host_header(); }

Url parse_url(std::string_view text) {
    Url url;
    std::string_view rest = text;
    if (rest.starts_with("https://")) url.tls = true;
    else if (!rest.starts_with("http://")) refuse(text, "must begin with https:// or http://");
    rest.remove_prefix(url.tls ? 8 : 7);

    std::string_view authority = rest.substr(0, rest.find('/'));
    std::string_view path = rest.substr(authority.size());
    while (path.ends_with('/')) path.remove_suffix(1);
    if (authority.find('@') != authority.npos) refuse(text, "must not hold a user or a password: use `authorization`");
    if (!is_path(path)) refuse(text, "has a path with characters that must be written as %XX, or a query or fragment");
    url.prefix = path;

    const bool in_brackets = authority.starts_with('[');
    const auto end = in_brackets ? authority.find(']') : std::min(authority.find(':'), authority.size());
    if (end == authority.npos) refuse(text, "lacks a ]");
    std::string_view port = authority.substr(end + (in_brackets ? 1 : 0));
    url.host = authority.substr(in_brackets ? 1 : 0, end - (in_brackets ? 1 : 0));
    if (!is_host(url.host, in_brackets)) refuse(text, "has no proper host");
    if (port.empty()) {
        url.port = url.tls ? "443" : "80";
        return url;
    }
    if (port[0] != ':' || !is_port(port.substr(1))) refuse(text, "has no proper port");
    url.port = port.substr(1);
    return url;
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_plain(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += "0123456789ABCDEF"[byte >> 4];
        out += "0123456789ABCDEF"[byte & 15];
    }
    return out;
}

}  // namespace kontor::http_client

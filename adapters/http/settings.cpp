#include "http/settings.hpp"

#include "http/request.hpp"

#include <kontor/error.hpp>

#include <algorithm>
#include <array>

namespace kontor::http_client {

namespace {

// What a request says about itself, and what would change how its end is found.
constexpr std::array<std::string_view, 16> ours{
    "host", "content-length", "content-type", "transfer-encoding", "connection", "expect", "upgrade", "te", "trailer", "accept",
    "accept-encoding", "authorization", "idempotency-key", "traceparent", "kontor-attempt", "kontor-deadline"};

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

/// RFC 9110, 5.6.2.
bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
    });
}

void require(bool fine, const std::string& otherwise) {
    if (!fine) throw Error{Code::bad_input, "http(): " + otherwise};
}

void check_header(const std::string& name, const std::string& value) {
    require(is_token(name), "'" + name + "' is no name of a header");
    require(std::ranges::find(ours, lower(name)) == ours.end(), "the header " + name + " is set by the adapter");
    require(is_header_value(value), "the header " + name + " has a control character in its value");
}

}  // namespace

Settings checked(const HttpOptions& options) {
    using std::chrono::milliseconds;
    require(options.timeout > milliseconds{0}, "timeout must be over 0");
    require(options.idle_timeout >= milliseconds{0}, "idle_timeout must not be negative");
    require(options.connections > 0, "connections must be at least 1");
    require(options.certificate_file.empty() == options.private_key_file.empty(), "certificate_file and private_key_file belong together");
    require(!options.accepted_within || *options.accepted_within > milliseconds{0}, "accepted_within must be over 0");
    require(is_path_template(options.path), "path '" + options.path + "' must begin with / and may hold {service}, {segments}, {operation}, {key}");
    require(options.query_path.empty() || is_path_template(options.query_path), "query_path '" + options.query_path + "' is no path");
    require(is_header_value(options.authorization), "authorization has a control character");
    require(options.query_within >= milliseconds{0}, "query_within must not be negative");
    for (const auto& [name, value] : options.headers) check_header(name, value);
    for (const auto& [status, meaning] : options.statuses)
        require(status >= 200 && status < 600, "statuses: " + std::to_string(status) + " is no status of an answer");

    Settings settings{.url = parse_url(options.base_url), .timeout = options.timeout, .path = options.path, .query_path = options.query_path,
                      .query_within = options.query_within, .headers = options.headers, .max_answer = options.max_answer, .connections = options.connections,
                      .idle_timeout = options.idle_timeout};
    require(settings.url.tls || (options.ca_file.empty() && options.certificate_file.empty()), "certificates need an https:// base_url");
    if (!options.authorization.empty()) settings.headers.emplace_back("Authorization", options.authorization);
    settings.reading = {.origin = settings.url.origin(), .statuses = options.statuses, .accepted_within = options.accepted_within};
    return settings;
}

}  // namespace kontor::http_client

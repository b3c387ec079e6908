#include "http/request.hpp"

#include "http/settings.hpp"
#include "http/url.hpp"
#include "value/json.hpp"
#include "value/temporal_text.hpp"

#include <kontor/error.hpp>

#include <algorithm>
#include <optional>

namespace kontor::http_client {

namespace {

std::string segments(std::string_view service) {
    std::string out;
    while (!service.empty()) {
        const auto part = service.substr(0, service.find('.'));
        out += (out.empty() ? "" : "/") + percent_encoded(part);
        service.remove_prefix(std::min(part.size() + 1, service.size()));
    }
    return out;
}

/// What stands for `{name}`; nothing for an unknown name.
std::optional<std::string> placeholder(std::string_view name, std::string_view service, std::string_view key) {
    if (name == "service") return percent_encoded(service);
    if (name == "segments") return segments(service);
    if (name == "operation") return percent_encoded(service.substr(service.rfind('.') + 1));
    if (name == "key") return percent_encoded(key);
    return std::nullopt;
}

std::optional<std::string> expand(std::string_view path, std::string_view service, std::string_view key) {
    std::string out;
    while (!path.empty()) {
        const auto open = std::min(path.find('{'), path.size());
        out += path.substr(0, open);
        path.remove_prefix(open);
        if (path.empty()) break;
        const auto close = path.find('}');
        if (close == path.npos) return std::nullopt;
        const auto value = placeholder(path.substr(1, close - 1), service, key);
        if (!value) return std::nullopt;
        out += *value;
        path.remove_prefix(close + 1);
    }
    return out;
}

/// `secret:NAME`, alone or behind a scheme as in `Bearer secret:NAME`, becomes the secret.
std::string with_secret(std::string_view value, const Secrets& secrets) {
    constexpr std::string_view mark = "secret:";
    const auto at = value.find(mark);
    if (at == value.npos || (at > 0 && value[at - 1] != ' ')) return std::string{value};
    std::string secret = secrets(value.substr(at + mark.size()));
    while (secret.ends_with('\n') || secret.ends_with('\r')) secret.pop_back();   // as files end
    return std::string{value.substr(0, at)} + secret;
}

void add_header(std::string& out, std::string_view name, std::string_view value) {
    if (!is_header_value(value)) throw Error{Code::bad_input, "the header " + std::string{name} + " would have a control character in its value"};
    out.append(name).append(": ").append(value).append("\r\n");
}

std::string head(std::string_view method, std::string_view path, const Settings& settings, const ServiceCall& call, Instant deadline,
                 const Secrets& secrets) {
    std::string out{method};
    out += " " + settings.url.prefix + expanded_path(path, call) + " HTTP/1.1\r\n";
    add_header(out, "Host", settings.url.host_header());
    add_header(out, "User-Agent", "kontor");
    add_header(out, "Accept", "application/json, application/problem+json");
    add_header(out, "Accept-Encoding", "identity");
    add_header(out, "Idempotency-Key", call.idempotency_key());
    if (!call.traceparent().empty()) add_header(out, "traceparent", call.traceparent());
    add_header(out, "Kontor-Attempt", std::to_string(call.attempt()));
    add_header(out, "Kontor-Deadline", to_string(deadline));
    if (const auto undone = call.compensates()) {
        add_header(out, "Kontor-Compensates", undone->idempotency_key);
        add_header(out, "Kontor-Compensated-Outcome", undone->outcome_known ? "known" : "unknown");
    }
    for (const auto& [name, value] : settings.headers) add_header(out, name, with_secret(value, secrets));
    return out;
}

}  // namespace

std::string call_request(const Settings& settings, const ServiceCall& call, Instant deadline, const Secrets& secrets) {
    const std::string body = json::write(Value{call.input()});
    std::string out = head("POST", settings.path, settings, call, deadline, secrets);
    add_header(out, "Content-Type", "application/json");
    add_header(out, "Content-Length", std::to_string(body.size()));
    return out + "\r\n" + body;
}

std::string query_request(const Settings& settings, const ServiceCall& call, Instant deadline, const Secrets& secrets) {
    return head("GET", settings.query_path, settings, call, deadline, secrets) + "\r\n";
}

std::string expanded_path(std::string_view path_template, const ServiceCall& call) {
    return expand(path_template, call.service(), call.idempotency_key()).value_or("/");
}

bool is_path_template(std::string_view path) {
    const auto example = expand(path, "a.b", "k");
    return example && example->starts_with('/') && std::ranges::all_of(*example, [](char c) { return c > ' ' && c < 0x7f && c != '#'; });
}

bool is_header_value(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

}  // namespace kontor::http_client

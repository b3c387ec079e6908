#include "amqp/settings.hpp"

#include <kontor/error.hpp>

#include <algorithm>
#include <charconv>

namespace kontor::amqp_client {

namespace {

void require(bool fine, const std::string& otherwise) {
    if (!fine) throw Error{Code::bad_input, "amqp(): " + otherwise};
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1, low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        require(high >= 0 && low >= 0, "url has a % that is not followed by two hexadecimal digits");
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// Everything up to the mark, which is taken out of the text too; nothing if there is none.
std::string_view take_before(std::string_view& text, std::size_t at) {
    const auto taken = text.substr(0, at);
    text.remove_prefix(at + 1);
    return taken;
}

Address parse_url(std::string_view url) {
    constexpr std::string_view scheme = "amqp://";
    require(!url.starts_with("amqps://"), "url says amqps://, and TLS is not supported yet");
    require(url.starts_with(scheme), "url must be amqp://user:password@host:5672/vhost");
    require(!has_control(url), "url has a control character");
    url.remove_prefix(scheme.size());
    Address address;
    if (const auto slash = url.find('/'); slash != url.npos) {
        const auto vhost = percent_decoded(url.substr(slash + 1));
        url = url.substr(0, slash);
        if (!vhost.empty()) address.vhost = vhost;
    }
    // The last @, since a password may hold one; the first colon, since secret:NAME has another.
    if (const auto at = url.rfind('@'); at != url.npos) {
        auto user = take_before(url, at);
        if (const auto colon = user.find(':'); colon != user.npos) {
            address.user = percent_decoded(take_before(user, colon));
            address.password = percent_decoded(user);
        } else {
            address.user = percent_decoded(user);
        }
    }
    require(!address.user.empty(), "url names no user: amqp://user:password@host");
    const bool is_bracketed = url.starts_with('[');
    const auto colon = is_bracketed ? url.find("]:") : url.rfind(':');
    auto host = url;
    if (colon != url.npos) {
        const auto port = url.substr(colon + (is_bracketed ? 2 : 1));
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
        require(error == std::errc{} && end == port.data() + port.size() && address.port > 0 && address.port < 65536, "url has a port that is no number from 1 to 65535");
        host = url.substr(0, colon + (is_bracketed ? 1 : 0));
    }
    if (is_bracketed && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    require(!host.empty(), "url names no host");
    address.host = host;
    return address;
}

void check_template(const std::string& text, const std::string& name) {
    std::string rest = expanded(text, "");
    require(rest.find_first_of("{}") == rest.npos, name + " '" + text + "' may hold {service} and no other placeholder");
    require(text.size() <= longest_short_text && !has_control(text), name + " is longer than 255 bytes or has a control character");
}

}  // namespace

std::string Address::origin() const {
    const std::string shown = host.find(':') == host.npos ? host : "[" + host + "]";
    return "amqp://" + shown + ":" + std::to_string(port) + (vhost.starts_with('/') ? vhost : "/" + vhost);
}

std::string expanded(std::string_view key_template, std::string_view service) {
    constexpr std::string_view mark = "{service}";
    std::string out;
    for (;;) {
        const auto at = key_template.find(mark);
        out += key_template.substr(0, at);
        if (at == key_template.npos) return out;
        out += service;
        key_template.remove_prefix(at + mark.size());
    }
}

Settings checked(AmqpOptions options) {
    using std::chrono::milliseconds;
    Settings settings{.address = parse_url(options.url)};
    require(!options.name.empty() || !options.reply_queue.empty(), "name must say which engine this is: the same after a restart, unlike any other");
    if (options.reply_queue.empty()) options.reply_queue = "kontor.replies." + options.name;
    for (const auto& [text, what] : {std::pair{&options.reply_queue, "reply_queue"}, std::pair{&options.exchange, "exchange"}, std::pair{&settings.address.vhost, "vhost"}})
        require(text->size() <= longest_short_text && !has_control(*text), std::string{what} + " is longer than 255 bytes or has a control character");
    require(!options.reply_queue.starts_with("amq."), "reply_queue must not begin with amq., which is the broker's");
    check_template(options.routing_key, "routing_key");
    require(!options.routing_key.empty() || !options.exchange.empty(), "routing_key must not be empty for the default exchange");
    check_template(options.query_routing_key, "query_routing_key");
    require(options.prefetch >= 1 && options.prefetch <= 65535, "prefetch must be 1 to 65535");
    require(options.heartbeat >= milliseconds{1000} && options.heartbeat % milliseconds{1000} == milliseconds{0}, "heartbeat must be whole seconds, at least 1");
    require(options.heartbeat <= std::chrono::minutes{10}, "heartbeat must be at most 10 minutes");
    require(options.connect_timeout > milliseconds{0}, "connect_timeout must be over 0");
    require(options.first_pause > milliseconds{0} && options.longest_pause >= options.first_pause, "first_pause must be over 0, and longest_pause not below it");
    require(options.wait_for_broker >= milliseconds{0}, "wait_for_broker must not be negative");
    require(options.max_waiting > 0, "max_waiting must be at least 1");
    options.url.clear();   // it may hold a password; what is needed of it is in the address
    settings.options = std::move(options);
    return settings;
}

}  // namespace kontor::amqp_client

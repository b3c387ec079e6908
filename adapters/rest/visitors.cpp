#include "rest/visitors.hpp"

#include <algorithm>

namespace kontor::rest {
namespace {

std::string lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

/// `[::1]:8080` without its port.
std::string_view host_of(std::string_view authority) {
    const auto bracket = authority.find(']');
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    return authority.substr(0, colon);
}

bool is_loopback(std::string_view host) { return host == "localhost" || host == "[::1]" || host.starts_with("127."); }

}  // namespace

Visitors::Visitors(std::string_view listen, std::vector<std::string> hosts) : hosts_{std::move(hosts)}, only_loopback_{is_loopback(host_of(lower(listen)))} {
    for (auto& host : hosts_) host = lower(host);
}

bool Visitors::knows(std::string_view host) const { return std::ranges::find(hosts_, host) != hosts_.end(); }

std::optional<std::string> Visitors::complaint(const web::Request& request) const {
    const std::string* said = request.header("host");
    const std::string authority = said ? lower(*said) : "";
    const auto host = host_of(authority);
    if (only_loopback_ && !host.empty() && !is_loopback(host) && !knows(host))
        return "this server is not called " + std::string{host} + "; name it in RestOptions::hosts if it is";
    const std::string* from = request.header("origin");
    if (!from) return std::nullopt;
    const std::string origin = lower(*from);
    const auto scheme = origin.find("://");
    const std::string_view site = scheme == std::string::npos ? std::string_view{} : std::string_view{origin}.substr(scheme + 3);
    if (!site.empty() && (site == authority || knows(host_of(site)))) return std::nullopt;
    return "the request comes from a page of " + *from + ", which is not this server";
}

}  // namespace kontor::rest

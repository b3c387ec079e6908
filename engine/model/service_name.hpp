#pragma once
/// Names of services, and the patterns that fit several: a prefix followed by `*`.
#include <string_view>

namespace kontor::model {

/// Whether `name` may stand for several services: `credit.*`, or `*` for all.
constexpr bool is_pattern(std::string_view name) noexcept { return name.ends_with('*'); }

/// Whether a name or pattern stands for this service.
constexpr bool service_fits(std::string_view name, std::string_view service) noexcept {
    return is_pattern(name) ? service.starts_with(name.substr(0, name.size() - 1)) : name == service;
}

/// Of two that fit a service, whether `a` says more of it: a whole name before a pattern, a longer pattern before a shorter one.
constexpr bool says_more(std::string_view a, std::string_view b) noexcept {
    return is_pattern(a) != is_pattern(b) ? is_pattern(b) : a.size() > b.size();
}

}  // namespace kontor::model

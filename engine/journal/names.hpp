#pragma once
/// Enumerations are stored by the name that to_string() gives them, so their order in C++ may change. A stored name is for ever:
/// golden journals hold that.
#include "core/event.hpp"
#include "lifecycle/lifecycle.hpp"

#include <optional>
#include <string_view>
#include <type_traits>

namespace kontor::journal {

/// Written as a number: it names a place in a table that a deployment keeps.
template <class T>
concept TableIndex = std::same_as<T, model::ElementIndex> || std::same_as<T, model::FlowIndex>;

template <class T>
concept NamedEnum = std::is_enum_v<T> && !TableIndex<T>;

template <NamedEnum E>
std::string_view name_of(E value) noexcept {
    using core::to_string;
    using lifecycle::to_string;
    return to_string(value);
}

/// How many enumerators there are. They are numbered from 0 without gaps; what stands beyond the last has no name of its own.
template <NamedEnum E>
unsigned count_of() noexcept {
    unsigned count = 0;
    while (count < 255 && name_of(static_cast<E>(count)) != name_of(static_cast<E>(255))) ++count;
    return count;
}

/// Nothing if this version has no such name.
template <NamedEnum E>
std::optional<E> from_name(std::string_view name) noexcept {
    for (unsigned number = 0; number < count_of<E>(); ++number) {
        if (name_of(static_cast<E>(number)) == name) return static_cast<E>(number);
    }
    return std::nullopt;
}

}  // namespace kontor::journal

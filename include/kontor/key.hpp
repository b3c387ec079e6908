#pragma once
/// Keys of the things that the engine keeps: instances, jobs, user tasks, incidents, ...
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace kontor {

/// A 63-bit key; 0 is no key. It names the journal row that created the thing (bucket and sequence number) and the thing's
/// place in that row, so keys are unique in a store, grow with time within a bucket, and lead to their instance.
/// In JSON a key is a string of decimal digits.
template <class Tag>
struct Key {
    std::uint64_t value = 0;

    [[nodiscard]] explicit operator bool() const noexcept { return value != 0; }
    [[nodiscard]] std::string str() const { return std::to_string(value); }
    /// Throws Error{Code::bad_input} unless the text is a decimal number from 1 to 2^63-1.
    static Key parse(std::string_view text);
    friend auto operator<=>(const Key&, const Key&) = default;
};

namespace detail {
std::uint64_t parse_key(std::string_view text, std::string_view what);
}

struct InstanceTag { static constexpr std::string_view name = "instance"; };
struct JobTag { static constexpr std::string_view name = "job"; };
struct TaskTag { static constexpr std::string_view name = "user task"; };
struct IncidentTag { static constexpr std::string_view name = "incident"; };

using InstanceKey = Key<InstanceTag>;
using JobKey = Key<JobTag>;
using TaskKey = Key<TaskTag>;
using IncidentKey = Key<IncidentTag>;

template <class Tag>
Key<Tag> Key<Tag>::parse(std::string_view text) {
    return {detail::parse_key(text, Tag::name)};
}

}  // namespace kontor

template <class Tag>
struct std::hash<kontor::Key<Tag>> {
    std::size_t operator()(const kontor::Key<Tag>& key) const noexcept { return std::hash<std::uint64_t>{}(key.value); }
};

#pragma once
/// Snapshots of a state: they shorten the replay and may be thrown away at any time.
///
///     byte  version      word  fingerprint of the fields      word  checksum of the rest      varint  instance key
///     the state's fields as field_codec.hpp writes them, keys relative to the instance key, enums by name
#include "core/state.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::journal {

/// Any thread. Throws Error{Code::bad_input} for a value that cannot be stored, as encode() of the events would have.
std::string encode_snapshot(const core::State&);

/// Nothing for a snapshot that another version made or that is damaged: the journal tells the same, only more slowly.
std::optional<core::State> decode_snapshot(std::string_view bytes);

/// Whether the journal behind the last snapshot is long enough for another.
constexpr bool wants_snapshot(std::size_t tail_events, std::size_t tail_bytes) noexcept {
    return tail_events >= 200 || tail_bytes >= 64 * 1024;
}

}  // namespace kontor::journal

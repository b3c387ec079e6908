#pragma once
/// A journal row as bytes. What they look like (the words are those of value/bytes.hpp, fields are in field_codec.hpp):
///
///     byte    1, the format
///     zigzag  time of the row, milliseconds since 1970
///     zigzag  distance of the instance key from the first key of the row
///     varint  number of events, then for each
///         varint  number of its type      varint  version      text  its fields
///
/// The position is not in the bytes: the store has it as the row's key, and the hash chain binds the two. A row has exactly one form.
#include "core/event.hpp"

#include <string>
#include <string_view>

namespace kontor::journal {

class Decoders;

/// Any thread. Throws Error{Code::bad_input} for a value that cannot be stored: a function, a time that is none.
std::string encode(const core::Record&);

/// Reads a row of any released version. Throws NewerVersion or Damaged (error.hpp), both of which name the row and the event.
core::Record decode(core::Position, std::string_view bytes);
/// With other old versions than those of this program, for tests.
core::Record decode(core::Position, std::string_view bytes, const Decoders&);

}  // namespace kontor::journal

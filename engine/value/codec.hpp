#pragma once
/// The bytes that the journal stores for a Value: compact, and the same bytes for the same value.
///
/// A value is one tag byte and what codec.cpp's table says. Stored bytes are read for as long as a store lives: tags are never
/// renumbered or reused, a new form gets a new tag. There is exactly one form for each value, and nothing else is accepted.
/// A context keeps its order, a number its scale.
#include "value/bytes.hpp"

#include <kontor/value.hpp>

#include <string>
#include <string_view>

namespace kontor::codec {

/// Appends the value. Throws Error{Code::bad_input}, with `out` as it was, for a function and for a date, time or duration whose
/// fields are out of range.
void encode(const Value& value, std::string& out);

/// Takes one value from the front of `in`. Throws Error{Code::bad_input}, with `in` as it was, if the bytes are damaged.
Value decode(std::string_view& in);
/// Takes one value from a reader; a throw leaves the reader somewhere within it.
Value decode(bytes::Reader& in);

}  // namespace kontor::codec

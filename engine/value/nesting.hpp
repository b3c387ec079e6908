#pragma once
/// How lists and contexts know their depth. Private to engine/value.
#include <kontor/error.hpp>
#include <kontor/value.hpp>

#include <algorithm>
#include <string>

namespace kontor::detail {

/// The nesting of something that contains values nested as deep as `inner`. Throws Error{Code::bad_input} beyond the limit.
inline std::size_t around(std::size_t inner) {
    if (inner < max_nesting) return inner + 1;
    throw Error{Code::bad_input, "a value nests at most " + std::to_string(max_nesting) + " levels deep"};
}

}  // namespace kontor::detail

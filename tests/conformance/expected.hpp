#pragma once
/// Values as the TCK's case files write them.
#include "conformance/xml.hpp"
#include "feel/feel.hpp"

namespace kontor::conformance {

/// The value below an element: a `value`, a `list` or `component`s.
Value read_value(const Element*);
/// Equal as the TCK means it: numbers to 1e-8 relative.
bool agrees(const Value& expected, const Value& actual);

}  // namespace kontor::conformance

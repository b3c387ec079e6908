#pragma once
/// JSON to Value and back, without losing a digit.
#include <kontor/value.hpp>

#include <string>
#include <string_view>

namespace kontor::json {

struct Limits {
    std::size_t bytes = 16u << 20;
    std::size_t depth = 64;
};

/// Reads one JSON text (RFC 8259). Numbers stay exact. Throws Error{Code::bad_input} naming line, column (in characters) and
/// cause for bad JSON, a duplicate key, a NUL (raw or escaped), invalid UTF-8, a number that a Decimal cannot hold, or a passed limit.
Value parse(std::string_view text, const Limits& limits = {});

/// Writes compact JSON. Numbers keep their scale; dates, times and durations become their ISO 8601 text; ranges become their FEEL
/// text and functions the text `function`, since JSON has no form for them.
std::string write(const Value& value);
/// Appends to `out`, for callers that build larger texts.
void write(const Value& value, std::string& out);
/// Appends a JSON string literal.
void write_string(std::string_view text, std::string& out);
/// Indented for people, two spaces a level.
std::string write_pretty(const Value& value);

}  // namespace kontor::json

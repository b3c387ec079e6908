#include <kontor/value.hpp>

#include "value/nesting.hpp"

#include <kontor/error.hpp>

#include <algorithm>
#include <array>

namespace kontor {

Value::Value(Range range) {
    detail::around(std::max(nesting(range.low), nesting(range.high)));
    data_ = std::make_shared<const Range>(std::move(range));
}

std::size_t nesting(const Value& value) noexcept {
    if (const List* list = value.if_list()) return list->nesting();
    if (const Variables* context = value.if_context()) return context->nesting();
    if (const Range* range = value.if_range()) return 1 + std::max(nesting(range->low), nesting(range->high));
    return 0;
}

bool operator==(const Value& a, const Value& b) {
    if (a.kind() != b.kind()) return false;
    switch (a.kind()) {
        case Value::Kind::time: return *a.if_time() == *b.if_time();
        case Value::Kind::date_time: return *a.if_date_time() == *b.if_date_time();
        case Value::Kind::range: return *a.if_range() == *b.if_range();
        default: return a.data_ == b.data_;
    }
}

std::string_view to_string(Value::Kind kind) noexcept {
    static constexpr std::array<std::string_view, 13> names{
        "null", "boolean", "number", "string", "date", "time", "date and time", "days and time duration",
        "years and months duration", "range", "list", "context", "function"};
    return names[static_cast<std::size_t>(kind)];
}

namespace {

// Messages name types, never contents: a value may be confidential.
std::string expected(std::string_view wanted, const Value& found) {
    return "expected " + std::string{wanted} + ", found " + std::string{to_string(found.kind())};
}

}  // namespace

void detail::wrong_type(std::string_view wanted, const Value& found) { throw Error{Code::bad_input, expected(wanted, found)}; }

void detail::rethrow_with_name(std::string_view name) {
    const std::string prefix = "variable `" + std::string{name} + "`: ";
    try {
        throw;
    } catch (const Error& error) {
        if (error.retry_after()) throw Error{error.code(), prefix + error.what(), *error.retry_after()};
        throw Error{error.code(), prefix + error.what(), error.problems()};
    }
}

std::int64_t detail::as_int64(const Value& value) {
    if (!value.if_number()) wrong_type("integer", value);
    const auto whole = value.if_number()->to_int64();
    if (!whole) out_of_range(value);
    return *whole;
}

std::uint64_t detail::as_uint64(const Value& value) {
    if (!value.if_number()) wrong_type("integer", value);
    const Decimal& number = *value.if_number();
    if (const auto whole = number.to_int64(); whole && *whole >= 0) return static_cast<std::uint64_t>(*whole);
    // The upper half: below 2^64, so that taking 2^63 away leaves an int64.
    constexpr std::uint64_t half = std::uint64_t{1} << 63;
    if (number < Decimal{half} || number > Decimal{half + (half - 1)} || !number.is_integer()) out_of_range(value);
    return half + static_cast<std::uint64_t>(*(number - Decimal{half}).to_int64());
}

void detail::out_of_range(const Value& value) {
    const bool whole = value.if_number() && value.if_number()->is_integer();
    throw Error{Code::bad_input,
                whole ? "the integer does not fit the wanted type" : "expected an integer, found a number with a fraction"};
}

}  // namespace kontor

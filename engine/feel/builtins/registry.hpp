#pragma once
/// The built-in functions of DMN 1.5, 10.3.4: one descriptor each.
#include "feel/function.hpp"
#include "feel/run/machine.hpp"

#include <span>
#include <string_view>

namespace kontor::feel {

/// What a built-in function is called with: its arguments, converted and checked against its signature.
class Call {
public:
    Call(Machine& runs, std::string_view function, std::uint32_t at, std::span<const Value> values)
        : machine{runs}, name_{function}, offset_{at}, arguments_{values} {}

    /// Whether an optional argument was given and is not null.
    [[nodiscard]] bool has(std::size_t index) const { return index < arguments_.size() && !arguments_[index].is_null(); }
    [[nodiscard]] const Value& operator[](std::size_t index) const { return arguments_[index]; }
    [[nodiscard]] const std::string& string(std::size_t index) const { return *arguments_[index].if_string(); }
    [[nodiscard]] const Decimal& number(std::size_t index) const { return *arguments_[index].if_number(); }
    [[nodiscard]] const List& list(std::size_t index) const { return *arguments_[index].if_list(); }
    [[nodiscard]] std::size_t count() const { return arguments_.size(); }
    [[nodiscard]] std::uint32_t offset() const { return offset_; }
    /// A number that is whole (its fraction is dropped) and within 64 bits.
    [[nodiscard]] std::optional<std::int64_t> integer(std::size_t index) const;

    /// Null, with a warning that begins with the function's name.
    Value fail(std::string_view why) const;
    /// Calls a function that was given as an argument.
    Value invoke(std::size_t index, std::span<const Value> values) const;

    Machine& machine;

private:
    std::string_view name_;
    std::uint32_t offset_;
    std::span<const Value> arguments_;
};

/// `signature` reads `name(parameter: type, optional?: type)`. Types are any, number, string, boolean, list, context, function, range, date,
/// time, date_time, days, months; several joined by `|`; a `?` behind the type admits null. As the last parameter `name...` takes one list or its items, `name*` items only.
struct Builtin {
    std::string_view signature;
    Value (*body)(const Call&);
};

/// All functions of one name; they differ in their parameters.
struct Builtins;
const Builtins* find_builtins(std::string_view name);
/// The names of built-in functions that are not plain identifiers: `string length`, `date and time`.
std::span<const std::string> builtin_names_with_spaces();

/// Calls the one whose parameters fit. `names` is empty, or has one name per argument.
Value call(const Builtins&, std::span<Value> arguments, std::span<const std::string> names, Machine&, std::uint32_t offset);
/// The function as a value.
Value as_value(const Builtins&);

std::span<const Builtin> conversion_functions();
std::span<const Builtin> boolean_functions();
std::span<const Builtin> string_functions();
std::span<const Builtin> pattern_functions();
std::span<const Builtin> numeric_functions();
std::span<const Builtin> rounding_functions();
std::span<const Builtin> list_functions();
std::span<const Builtin> list_edit_functions();
std::span<const Builtin> statistics_functions();
std::span<const Builtin> sort_functions();
std::span<const Builtin> context_functions();
std::span<const Builtin> range_functions();
std::span<const Builtin> temporal_functions();
std::span<const Builtin> moment_functions();

}  // namespace kontor::feel

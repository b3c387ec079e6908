#include "feel/builtins/signature.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

namespace kontor::feel {
namespace {

using Kind = Value::Kind;

constexpr std::uint32_t bit(Kind kind) { return 1u << static_cast<unsigned>(kind); }
constexpr std::uint32_t every_kind = (1u << (static_cast<unsigned>(Kind::function) + 1)) - 1 - bit(Kind::null);

std::uint32_t kinds_of(std::string_view type) {
    constexpr std::pair<std::string_view, std::uint32_t> known[] = {
        {"any", every_kind}, {"boolean", bit(Kind::boolean)}, {"number", bit(Kind::number)}, {"string", bit(Kind::string)},
        {"date", bit(Kind::date)}, {"time", bit(Kind::time)}, {"date_time", bit(Kind::date_time)}, {"days", bit(Kind::days_duration)},
        {"months", bit(Kind::months_duration)}, {"range", bit(Kind::range)}, {"list", bit(Kind::list)}, {"context", bit(Kind::context)},
        {"function", bit(Kind::function)},
    };
    for (const auto& [name, kinds] : known)
        if (name == type) return kinds;
    assert(false);   // a signature in our own tables
    return 0;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

/// Cuts off the part before the separator.
std::string_view next_part(std::string_view& rest, char separator) {
    const auto end = std::min(rest.find(separator), rest.size());
    const auto part = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

Parameter read_parameter(std::string_view text) {
    Parameter parameter;
    auto name = next_part(text, ':');
    auto types = trim(text);
    if (name.ends_with('?')) {
        parameter.optional = true;
        name.remove_suffix(1);
    }
    if (types.ends_with('?')) {
        parameter.nullable = true;
        types.remove_suffix(1);
    }
    parameter.name = name;
    parameter.types = types;
    while (!types.empty()) parameter.kinds |= kinds_of(next_part(types, '|'));
    return parameter;
}

}  // namespace

Signature read_signature(std::string_view text) {
    Signature signature;
    signature.name = next_part(text, '(');
    text.remove_suffix(1);
    while (!text.empty()) {
        auto part = next_part(text, ',');
        if (part.ends_with("...")) {
            signature.rest = Rest::list_or_items;
            part.remove_suffix(3);
        } else if (part.ends_with('*')) {
            signature.rest = Rest::items;
            part.remove_suffix(1);
        }
        signature.parameters.push_back(read_parameter(signature.rest == Rest::none ? std::string{part} : std::string{part} + ": list"));
    }
    return signature;
}

std::optional<Value> fit(const Value& value, const Parameter& parameter) {
    if (value.is_null()) return parameter.nullable ? std::optional{value} : std::nullopt;
    if (parameter.takes(value.kind())) return value;
    if (parameter.takes(Kind::list)) return Value{List{value}};
    const auto* list = value.if_list();
    if (list && list->size() == 1 && parameter.takes((*list)[0].kind())) return (*list)[0];
    // A date stands for its midnight where only a date and time will do.
    if (value.if_date() && parameter.takes(Kind::date_time)) return Value{DateTime{*value.if_date(), {0, 0, 0, 0, UtcOffset{}}}};
    return std::nullopt;
}

}  // namespace kontor::feel

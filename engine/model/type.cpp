#include "model/type.hpp"

#include "feel/feel.hpp"
#include "value/wording.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kontor::model {

namespace {

constexpr std::array<std::pair<std::string_view, Type::Kind>, 17> builtin_names{{
    {"any", Type::Kind::any},
    {"Any", Type::Kind::any},
    {"boolean", Type::Kind::boolean},
    {"number", Type::Kind::number},
    {"string", Type::Kind::string},
    {"date", Type::Kind::date},
    {"time", Type::Kind::time},
    {"date and time", Type::Kind::date_time},
    {"dateTime", Type::Kind::date_time},
    {"days and time duration", Type::Kind::days_duration},
    {"dayTimeDuration", Type::Kind::days_duration},
    {"duration", Type::Kind::days_duration},
    {"years and months duration", Type::Kind::months_duration},
    {"yearMonthDuration", Type::Kind::months_duration},
    {"list", Type::Kind::list},
    {"context", Type::Kind::context},
    {"object", Type::Kind::context},
}};

bool same_kind(Type::Kind type, Value::Kind value) {
    switch (type) {
        case Type::Kind::any: return value != Value::Kind::function;
        case Type::Kind::boolean: return value == Value::Kind::boolean;
        case Type::Kind::number: return value == Value::Kind::number;
        case Type::Kind::string: return value == Value::Kind::string;
        case Type::Kind::date: return value == Value::Kind::date;
        case Type::Kind::time: return value == Value::Kind::time;
        case Type::Kind::date_time: return value == Value::Kind::date_time;
        case Type::Kind::days_duration: return value == Value::Kind::days_duration;
        case Type::Kind::months_duration: return value == Value::Kind::months_duration;
        case Type::Kind::list: return value == Value::Kind::list;
        case Type::Kind::context: return value == Value::Kind::context;
    }
    return false;
}

/// An allowed value in a message: its FEEL text, cut where it gets long.
std::string shown(const Value& value) {
    constexpr std::size_t longest = 40;
    std::string text = feel::to_feel(value);
    if (text.size() <= longest) return text;
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;   // not inside a character
    return text.substr(0, end) + "...";
}

/// `a number`, `an Applicant`.
std::string with_article(std::string_view name) {
    constexpr std::string_view vowels = "aeioAEIO";
    return (vowels.find(name.empty() ? ' ' : name.front()) == std::string_view::npos ? "a " : "an ") + std::string{name};
}

std::optional<std::string> field_mismatch(const Type& type, const Variables& context, const std::string& path) {
    for (const Type::Field& field : type.fields) {
        const Value* value = context.find(field.name);
        if (!value || value->is_null()) {
            if (field.required) return path + "." + field.name + ": a value is required";
            continue;
        }
        if (auto found = mismatch(*field.type, *value, path + "." + field.name)) return found;
    }
    return std::nullopt;
}

std::optional<std::string> item_mismatch(const Type& type, const List& list, const std::string& path) {
    if (!type.element) return std::nullopt;
    for (std::size_t i = 0; i < list.size(); ++i)
        // FEEL counts from 1
        if (auto found = mismatch(*type.element, list[i], path + "[" + std::to_string(i + 1) + "]")) return found;
    return std::nullopt;
}

}  // namespace

std::optional<std::string> mismatch(const Type& type, const Value& value, std::string_view path_view) {
    if (value.is_null()) return std::nullopt;
    std::string path{path_view};
    if (!same_kind(type.kind, value.kind()))
        return path + ": " + with_article(type.name) + " is wanted, not " + with_article(to_string(value.kind()));
    if (!type.allowed_values.empty() && std::ranges::find(type.allowed_values, value) == type.allowed_values.end())
        return path + ": the value is not one of " + joined(type.allowed_values, ", ", shown);
    if (const auto* list = value.if_list()) return item_mismatch(type, *list, path);
    if (const auto* context = value.if_context()) return field_mismatch(type, *context, path);
    return std::nullopt;
}

TypeRef builtin_type(std::string_view name) {
    const auto found = std::ranges::find(builtin_names, name, &std::pair<std::string_view, Type::Kind>::first);
    if (found == builtin_names.end()) return nullptr;
    Type type;
    type.kind = found->second;
    type.name = name;
    return std::make_shared<const Type>(std::move(type));
}

}  // namespace kontor::model

#include "feel/type.hpp"

#include "feel/function.hpp"
#include "feel/syntax/parser.hpp"

#include <algorithm>

namespace kontor::feel {
namespace {

using Kind = Type::Kind;

std::optional<Value::Kind> simple_kind(Kind kind) {
    switch (kind) {
        case Kind::boolean: return Value::Kind::boolean;
        case Kind::number: return Value::Kind::number;
        case Kind::string: return Value::Kind::string;
        case Kind::date: return Value::Kind::date;
        case Kind::time: return Value::Kind::time;
        case Kind::date_time: return Value::Kind::date_time;
        case Kind::days_duration: return Value::Kind::days_duration;
        case Kind::months_duration: return Value::Kind::months_duration;
        default: return std::nullopt;
    }
}

bool is_list_of(const List& list, const Type& type) {
    if (type.of.empty()) return true;
    // A null among the items belongs to every element type, as it does for a context's entries.
    return std::all_of(list.begin(), list.end(), [&](const Value& item) { return item.is_null() || is_instance(item, type.of[0]); });
}

bool is_context_of(const Variables& context, const Type& type) {
    return std::all_of(type.members.begin(), type.members.end(), [&](const Member& member) {
        const Value* entry = context.find(member.name);
        return entry && (entry->is_null() || is_instance(*entry, member.type));
    });
}

bool is_range_of(const Range& range, const Type& type) {
    if (type.of.empty()) return true;
    return (range.low.is_null() || is_instance(range.low, type.of[0])) && (range.high.is_null() || is_instance(range.high, type.of[0]));
}

Type type_of(const Function& function) {
    Type type{Kind::function, {}, {}};
    for (const auto& parameter : function.parameters()) type.of.push_back(parameter.type);
    type.of.push_back(function.result());
    return type;
}

bool conforms_function(const Type& type, const Type& wanted) {
    if (wanted.of.empty()) return true;
    if (type.of.size() != wanted.of.size()) return false;
    // Parameters the other way round: who accepts more may stand for who accepts less.
    for (std::size_t i = 0; i + 1 < type.of.size(); ++i)
        if (!conforms(wanted.of[i], type.of[i])) return false;
    // What a function gives is not known before it is called, unless it was declared.
    return type.of.back().kind == Kind::any || conforms(type.of.back(), wanted.of.back());
}

bool conforms_context(const Type& type, const Type& wanted) {
    return std::all_of(wanted.members.begin(), wanted.members.end(), [&](const Member& member) {
        const auto found = std::find_if(type.members.begin(), type.members.end(), [&](const Member& own) { return own.name == member.name; });
        return found != type.members.end() && conforms(found->type, member.type);
    });
}

std::string join(const std::vector<Type>& types, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += (i ? ", " : "") + to_string(types[i]);
    return out;
}

}  // namespace

std::optional<Type> parse_type(std::string_view text, const Types& types) {
    auto parsed = read_type(text, types);
    if (auto* type = std::get_if<Type>(&parsed)) return std::move(*type);
    return std::nullopt;
}

std::string to_string(const Type& type) {
    switch (type.kind) {
        case Kind::any: return "Any";
        case Kind::null: return "Null";
        case Kind::list: return type.of.empty() ? "list" : "list<" + to_string(type.of[0]) + ">";
        case Kind::range: return type.of.empty() ? "range" : "range<" + to_string(type.of[0]) + ">";
        case Kind::function:
            return type.of.empty() ? "function" : "function<" + join(type.of, type.of.size() - 1) + "> -> " + to_string(type.of.back());
        case Kind::context: {
            if (type.members.empty()) return "context";
            std::string out = "context<";
            for (const auto& member : type.members) out += (&member == &type.members[0] ? "" : ", ") + member.name + ": " + to_string(member.type);
            return out + ">";
        }
        default: return std::string{kontor::to_string(*simple_kind(type.kind))};
    }
}

bool is_instance(const Value& value, const Type& type) {
    if (value.is_null()) return type.kind == Kind::null;
    switch (type.kind) {
        case Kind::any: return true;
        case Kind::null: return false;
        case Kind::list: return value.if_list() && is_list_of(*value.if_list(), type);
        case Kind::context: return value.if_context() && is_context_of(*value.if_context(), type);
        case Kind::range: return value.if_range() && is_range_of(*value.if_range(), type);
        case Kind::function: return value.if_function() && conforms_function(type_of(**value.if_function()), type);
        default: return value.kind() == simple_kind(type.kind);
    }
}

bool conforms(const Type& type, const Type& wanted) {
    if (wanted.kind == Kind::any || type.kind == Kind::null) return true;
    if (type.kind != wanted.kind) return false;
    switch (wanted.kind) {
        case Kind::list:
        case Kind::range: return wanted.of.empty() || (!type.of.empty() && conforms(type.of[0], wanted.of[0]));
        case Kind::context: return conforms_context(type, wanted);
        case Kind::function: return conforms_function(type, wanted);
        default: return true;
    }
}

std::optional<Value> coerce(const Value& value, const Type& type) {
    if (value.is_null() || is_instance(value, type)) return value;
    if (type.kind == Kind::date_time && value.if_date()) return Value{DateTime{*value.if_date(), {0, 0, 0, 0, UtcOffset{}}}};
    if (type.kind == Kind::list && !value.if_list()) {
        const Type element = type.of.empty() ? Type{} : type.of[0];
        if (auto item = coerce(value, element)) return Value{List{*item}};
    }
    // Only one step: a list in a list does not stand for what is in that.
    const auto* list = value.if_list();
    if (list && list->size() == 1 && type.kind != Kind::list && ((*list)[0].is_null() || is_instance((*list)[0], type))) return (*list)[0];
    return std::nullopt;
}

}  // namespace kontor::feel

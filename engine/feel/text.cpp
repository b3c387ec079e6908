#include "feel/text.hpp"

#include "feel/function.hpp"
#include "feel/syntax/characters.hpp"
#include "value/temporal_text.hpp"

namespace kontor::feel {
namespace {

/// Whether dates and durations are written as literals that can be read back, or as their plain text.
enum class Form { literal, plain };

void append_string(std::string& out, std::string_view text) {
    out.push_back('"');
    for (const char c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default: out.push_back(c);
        }
    }
    out.push_back('"');
}

void append_temporal(std::string& out, std::string_view function, const std::string& text, Form form) {
    if (form == Form::plain) out += text;
    else out.append(function).append("(\"").append(text).append("\")");
}

void append(std::string& out, const Value& value, Form form);

/// `< 5` as `(< 5)`, and ends that stand for themselves.
void append_range(std::string& out, const Range& range, Form form) {
    if (range.low.is_null() != range.high.is_null()) {
        const bool below = range.low.is_null();
        out += below ? (range.high_closed ? "(<= " : "(< ") : (range.low_closed ? "(>= " : "(> ");
        append(out, below ? range.high : range.low, form);
        out.push_back(')');
        return;
    }
    out.push_back(range.low_closed ? '[' : '(');
    append(out, range.low, form);
    out += "..";
    append(out, range.high, form);
    out.push_back(range.high_closed ? ']' : ')');
}

void append_context(std::string& out, const Variables& context, Form form) {
    out.push_back('{');
    bool first = true;
    for (const auto& [name, value] : context) {
        if (!std::exchange(first, false)) out += ", ";
        if (is_plain_name(name)) out += name;
        else append_string(out, name);
        out += ": ";
        append(out, value, form);
    }
    out.push_back('}');
}

void append_list(std::string& out, const List& list, Form form) {
    out.push_back('[');
    bool first = true;
    for (const Value& item : list) {
        if (!std::exchange(first, false)) out += ", ";
        append(out, item, form);
    }
    out.push_back(']');
}

void append_function(std::string& out, const Function& function) {
    out += "function(";
    bool first = true;
    for (const auto& parameter : function.parameters()) out.append(std::exchange(first, false) ? "" : ", ").append(parameter.name);
    out += ")";
}

void append(std::string& out, const Value& value, Form form) {
    switch (value.kind()) {
        case Value::Kind::null: out += "null"; break;
        case Value::Kind::boolean: out += *value.if_boolean() ? "true" : "false"; break;
        case Value::Kind::number: out += value.if_number()->str(); break;
        case Value::Kind::string: append_string(out, *value.if_string()); break;
        case Value::Kind::date: append_temporal(out, "date", to_string(*value.if_date()), form); break;
        case Value::Kind::time: append_temporal(out, "time", to_string(*value.if_time()), form); break;
        case Value::Kind::date_time: append_temporal(out, "date and time", to_string(*value.if_date_time()), form); break;
        case Value::Kind::days_duration: append_temporal(out, "duration", to_string(*value.if_days_duration()), form); break;
        case Value::Kind::months_duration: append_temporal(out, "duration", to_string(*value.if_months_duration()), form); break;
        case Value::Kind::range: append_range(out, *value.if_range(), form); break;
        case Value::Kind::list: append_list(out, *value.if_list(), form); break;
        case Value::Kind::context: append_context(out, *value.if_context(), form); break;
        case Value::Kind::function: append_function(out, **value.if_function()); break;
    }
}

}  // namespace

std::string to_feel(const Value& value) {
    std::string out;
    append(out, value, Form::literal);
    return out;
}

std::string to_plain_text(const Value& value) {
    if (const auto* text = value.if_string()) return *text;
    std::string out;
    append(out, value, Form::plain);
    return out;
}

}  // namespace kontor::feel

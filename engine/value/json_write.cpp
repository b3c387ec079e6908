#include "value/json.hpp"
#include "value/temporal_text.hpp"

#include <utility>


namespace kontor::json {

namespace {

using Kind = Value::Kind;

/// Text of values that JSON has no form for: `date("2026-03-01")`, `[1..5)`, `< 5`.
std::string range_end(const Value& value) {
    switch (value.kind()) {
        case Kind::null: return "null";
        case Kind::boolean: return *value.if_boolean() ? "true" : "false";
        case Kind::number: return value.if_number()->str();
        case Kind::date: return "date(\"" + to_string(*value.if_date()) + "\")";
        case Kind::time: return "time(\"" + to_string(*value.if_time()) + "\")";
        case Kind::date_time: return "date and time(\"" + to_string(*value.if_date_time()) + "\")";
        case Kind::days_duration: return "duration(\"" + to_string(*value.if_days_duration()) + "\")";
        case Kind::months_duration: return "duration(\"" + to_string(*value.if_months_duration()) + "\")";
        default: return write(value);
    }
}

std::string range_text(const Range& range) {
    const auto& [low, high, low_closed, high_closed] = range;
    if (low.is_null() && !low_closed && !high.is_null()) return (high_closed ? "<= " : "< ") + range_end(high);
    if (high.is_null() && !high_closed && !low.is_null()) return (low_closed ? ">= " : "> ") + range_end(low);
    return (low_closed ? '[' : '(') + range_end(low) + ".." + range_end(high) + (high_closed ? ']' : ')');
}

class Writer {
public:
    Writer(std::string& out, bool pretty) : out_{out}, pretty_{pretty} {}

    void write(const Value& value) {
        switch (value.kind()) {
            case Kind::null: out_ += "null"; return;
            case Kind::boolean: out_ += *value.if_boolean() ? "true" : "false"; return;
            case Kind::number: out_ += value.if_number()->str(); return;
            case Kind::string: return write_string(*value.if_string(), out_);
            case Kind::date: return write_string(to_string(*value.if_date()), out_);
            case Kind::time: return write_string(to_string(*value.if_time()), out_);
            case Kind::date_time: return write_string(to_string(*value.if_date_time()), out_);
            case Kind::days_duration: return write_string(to_string(*value.if_days_duration()), out_);
            case Kind::months_duration: return write_string(to_string(*value.if_months_duration()), out_);
            case Kind::range: return write_string(range_text(*value.if_range()), out_);
            case Kind::function: return write_string("function", out_);
            case Kind::list: return all('[', *value.if_list(), ']', [this](const Value& item) { write(item); });
            case Kind::context:
                return all('{', *value.if_context(), '}', [this](const Variables::Entry& entry) { write(entry); });
        }
    }

private:
    void write(const Variables::Entry& entry) {
        write_string(entry.name, out_);
        out_ += pretty_ ? ": " : ":";
        write(entry.value);
    }

    template <class Items, class Each>
    void all(char opening, const Items& items, char closing, Each each) {
        out_ += opening;
        ++level_;
        bool first = true;
        for (const auto& item : items) {
            if (!std::exchange(first, false)) out_ += ',';
            new_line();
            each(item);
        }
        --level_;
        if (!items.empty()) new_line();
        out_ += closing;
    }

    void new_line() {
        if (!pretty_) return;
        out_ += '\n';
        out_.append(2 * level_, ' ');
    }

    std::string& out_;
    bool pretty_;
    std::size_t level_ = 0;
};

bool needs_escape(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

void write_escaped(char c, std::string& out) {
    constexpr std::string_view hex = "0123456789abcdef";
    switch (c) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\b': out += "\\b"; return;
        case '\f': out += "\\f"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: out += "\\u00"; out += hex[static_cast<unsigned char>(c) >> 4]; out += hex[static_cast<unsigned char>(c) & 15];
    }
}

}  // namespace

void write_string(std::string_view text, std::string& out) {
    out += '"';
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && !needs_escape(text[plain])) ++plain;
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) break;
        write_escaped(text.front(), out);
        text.remove_prefix(1);
    }
    out += '"';
}

void write(const Value& value, std::string& out) { Writer{out, false}.write(value); }

std::string write(const Value& value) {
    std::string out;
    write(value, out);
    return out;
}

std::string write_pretty(const Value& value) {
    std::string out;
    Writer{out, true}.write(value);
    return out;
}

}  // namespace kontor::json

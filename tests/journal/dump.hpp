#pragma once
/// A row as readable JSON, all of it and unmasked: elements and flows as numbers, what is empty left out.
#include "journal/error.hpp"
#include "journal/field_codec.hpp"
#include "value/json.hpp"
#include "value/temporal_text.hpp"

#include <string>

namespace kontor::journal::test {

template <class T>
std::string dump(const T& value) {
    const auto quoted = [](std::string_view text) {
        std::string out;
        json::write_string(text, out);
        return out;
    };
    if constexpr (is_key<T>) return quoted(value.str());
    else if constexpr (TableIndex<T>) return std::to_string(model::raw(value));
    else if constexpr (std::same_as<T, bool>) return value ? "true" : "false";
    else if constexpr (std::integral<T>) return std::to_string(value);
    else if constexpr (std::same_as<T, Instant>) return quoted(kontor::to_string(value));
    else if constexpr (std::same_as<T, std::string>) return quoted(value);
    else if constexpr (std::same_as<T, Value>) return json::write(value);
    else if constexpr (std::same_as<T, Variables>) return json::write(Value{value});
    else if constexpr (NamedEnum<T>) return quoted(name_of(value));
    else if constexpr (is_optional<T>) return dump(*value);
    else if constexpr (is_list<T>) {
        std::string out;
        for (const auto& item : value) out += (out.empty() ? "" : ", ") + dump(item);
        return '[' + out + ']';
    } else {
        std::string out;
        each_field(value, [&]<class F>(std::string_view name, const F& field) {
            if (std::same_as<F, bool> || !is_empty(field)) out += (out.empty() ? "" : ", ") + quoted(name) + ": " + dump(field);
        });
        return '{' + out + '}';
    }
}

inline std::string dump_row(const core::Record& record) {
    std::string out = "{\"position\": " + dump(to_string(record.position)) + ", \"at\": " + dump(record.at);
    out += ", \"instance\": " + dump(record.instance) + ", \"events\": [";
    for (std::size_t i = 0; i < record.events.size(); ++i) {
        const auto& event = record.events[i];
        const std::string fields = std::visit([](const auto& e) { return dump(e); }, event);
        out += std::string{i > 0 ? "," : ""} + "\n  {\"" + std::string{core::type_of(event).name} + "\": " + fields + '}';
    }
    return out + "]}";
}

}  // namespace kontor::journal::test

#pragma once
/// Signatures of built-in functions, read from their text.
#include <kontor/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::feel {

struct Parameter {
    std::string name;
    std::uint32_t kinds = 0;    ///< one bit per Value::Kind
    bool optional = false;
    bool nullable = false;
    std::string types;          ///< as written, for messages

    [[nodiscard]] bool takes(Value::Kind kind) const noexcept { return (kinds >> static_cast<unsigned>(kind)) & 1u; }
};

/// What the last parameter takes when arguments are given by position.
enum class Rest { none, list_or_items, items };

struct Signature {
    std::string name;
    std::vector<Parameter> parameters;
    Rest rest = Rest::none;
};

Signature read_signature(std::string_view text);

/// The value as the parameter wants it: null only where admitted, an item as a list of one and the other way round.
std::optional<Value> fit(const Value&, const Parameter&);

}  // namespace kontor::feel

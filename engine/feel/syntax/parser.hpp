#pragma once
/// From text to tree (DMN 1.5, 10.3.1.2).
#include "feel/feel.hpp"
#include "feel/type.hpp"

#include <memory>
#include <set>
#include <span>
#include <variant>

namespace kontor::feel {

struct Parsed {
    std::shared_ptr<const Node> root;
    std::set<std::string> reads;
    /// Those of `reads` that stand in a filter only, where an entry of the filtered items may be meant.
    std::set<std::string> perhaps_entries;
};

/// The names and types that the text may use besides FEEL's own.
struct Vocabulary {
    std::span<const std::string> names;
    const Types* types = nullptr;
};

std::variant<Parsed, SyntaxError> parse_expression(std::string_view, const Vocabulary&);
std::variant<Parsed, SyntaxError> parse_unary_tests(std::string_view, const Vocabulary&);
std::variant<Type, SyntaxError> read_type(std::string_view, const Types&);

}  // namespace kontor::feel

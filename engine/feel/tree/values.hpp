#pragma once
/// Nodes that make or fetch values: literals, names, paths, lists, contexts, ranges.
#include "feel/tree/node.hpp"

#include <string>

namespace kontor::feel {

struct Literal final : Node {
    Literal(std::uint32_t at, Value literal) : Node{at}, content{std::move(literal)} {}
    [[nodiscard]] const Value* constant() const noexcept override { return &content; }
    const Value& run(Machine&, Value&) const override { return content; }
    Value content;
};

struct Builtins;

/// A name; `local` says that a frame may bind it, otherwise only the scope is asked.
struct Name final : Node {
    Name(std::uint32_t at, std::string text, bool may_be_local, const Builtins* functions)
        : Node{at}, name{std::move(text)}, local{may_be_local}, builtins{functions} {}
    const Value& run(Machine&, Value& scratch) const override;
    [[nodiscard]] const Value* find(Machine& machine) const { return local ? machine.find(name) : machine.find_in_scope(name); }
    std::string name;
    bool local;
    const Builtins* builtins;   ///< the built-in functions of this name, if there are any
};

/// `base.member`: an entry, a property of a date, time, duration or range, or that of every item of a list.
struct Path final : Node {
    Path(std::uint32_t at, NodePtr object, std::string entry) : Node{at}, base{std::move(object)}, member{std::move(entry)} { holds(base); }
    const Value& run(Machine&, Value& scratch) const override;
    NodePtr base;
    std::string member;
};

struct ListLiteral final : Node {
    ListLiteral(std::uint32_t at, Nodes elements) : Node{at}, items{std::move(elements)} {
        for (const auto& item : items) holds(item);
    }
    const Value& run(Machine&, Value& scratch) const override;
    Nodes items;
};

struct ContextLiteral final : Node {
    struct Entry {
        std::string name;
        NodePtr value;
    };
    ContextLiteral(std::uint32_t at, std::vector<Entry> content) : Node{at}, entries{std::move(content)} {
        for (const auto& entry : entries) holds(entry.value);
    }
    const Value& run(Machine&, Value& scratch) const override;
    std::vector<Entry> entries;
};

struct RangeLiteral final : Node {
    RangeLiteral(std::uint32_t at, NodePtr from, NodePtr to, bool from_closed, bool to_closed)
        : Node{at}, low{std::move(from)}, high{std::move(to)}, low_closed{from_closed}, high_closed{to_closed} {
        holds(low);
        holds(high);
    }
    const Value& run(Machine&, Value& scratch) const override;
    NodePtr low;    ///< absent: unbounded
    NodePtr high;
    bool low_closed;
    bool high_closed;
};

/// A property that values other than contexts have (DMN 1.5, table 65); nothing if there is none of that name.
std::optional<Value> property(const Value&, std::string_view name);

}  // namespace kontor::feel

#pragma once
/// Nodes that decide what is evaluated: if, for, some/every, filters, functions.
#include "feel/function.hpp"
#include "feel/tree/values.hpp"

#include <optional>
#include <set>

namespace kontor::feel {

struct If final : Node {
    If(std::uint32_t at, NodePtr when, NodePtr then, NodePtr other)
        : Node{at}, condition{std::move(when)}, yes{std::move(then)}, no{std::move(other)} {
        holds(condition);
        holds(yes);
        holds(no);
    }
    const Value& run(Machine&, Value& scratch) const override;
    NodePtr condition;
    NodePtr yes;
    NodePtr no;
};

/// `name in domain`, or `name in from..to`.
struct Iterator {
    std::string name;
    NodePtr domain;
    NodePtr to;   ///< absent: `domain` is a list or a range
};

struct For final : Node {
    For(std::uint32_t at, std::vector<Iterator> domains, NodePtr result, bool needs_partial)
        : Node{at}, iterators{std::move(domains)}, body{std::move(result)}, partial{needs_partial} {
        for (const auto& iterator : iterators) holds(iterator.domain), holds(iterator.to);
        holds(body);
    }
    const Value& run(Machine&, Value& scratch) const override;
    std::vector<Iterator> iterators;
    NodePtr body;
    bool partial;   ///< the body reads the results so far
};

struct Quantified final : Node {
    Quantified(std::uint32_t at, bool is_every, std::vector<Iterator> domains, NodePtr condition)
        : Node{at}, every{is_every}, iterators{std::move(domains)}, test{std::move(condition)} {
        for (const auto& iterator : iterators) holds(iterator.domain), holds(iterator.to);
        holds(test);
    }
    const Value& run(Machine&, Value& scratch) const override;
    bool every;
    std::vector<Iterator> iterators;
    NodePtr test;
};

/// `list[condition]` or `list[index]`.
struct Filter final : Node {
    Filter(std::uint32_t at, NodePtr from, NodePtr by) : Node{at}, list{std::move(from)}, predicate{std::move(by)} {
        holds(list);
        holds(predicate);
    }
    const Value& run(Machine&, Value& scratch) const override;
    NodePtr list;
    NodePtr predicate;
};

struct FunctionLiteral final : Node {
    FunctionLiteral(std::uint32_t at, std::vector<Function::Parameter> takes, std::shared_ptr<const Node> gives, std::set<std::string> names)
        : Node{at}, parameters{std::move(takes)}, body{std::move(gives)}, free_names{std::move(names)} {
        height = static_cast<std::uint16_t>(body->height + 1);
    }
    const Value& run(Machine&, Value& scratch) const override;
    std::vector<Function::Parameter> parameters;
    std::shared_ptr<const Node> body;
    std::set<std::string> free_names;   ///< their values are kept by the function
    std::string own_name;               ///< of the context entry that holds it, so that it can call itself
};

struct Invocation final : Node {
    Invocation(std::uint32_t at, NodePtr function, Nodes positional, std::vector<std::string> by_name)
        : Node{at}, callee{std::move(function)}, arguments{std::move(positional)}, names{std::move(by_name)} {
        holds(callee);
        for (const auto& argument : arguments) holds(argument);
        name = dynamic_cast<const Name*>(callee.get());
    }
    const Value& run(Machine&, Value& scratch) const override;
    NodePtr callee;
    Nodes arguments;
    std::vector<std::string> names;   ///< one per argument, or none
    const Name* name;                 ///< the callee if it is a plain name
};

/// The next values of iterators, for `for`, `some` and `every`: calls `visit` for every combination until it says false.
/// False if a domain is not a list or a range of integers or dates.
bool iterate(Machine&, const std::vector<Iterator>&, const std::function<bool()>& visit);

}  // namespace kontor::feel

#pragma once
/// Nodes of the operators: arithmetic, comparison, logic, membership, types.
#include "feel/operators/arithmetic.hpp"
#include "feel/tree/node.hpp"
#include "feel/type.hpp"

namespace kontor::feel {

/// `a + b - c`: one node for the whole chain, so that a long sum is not a high tree.
struct Calculation final : Node {
    struct Step {
        Operator which;
        NodePtr operand;
        std::uint32_t offset;
    };
    Calculation(std::uint32_t at, NodePtr start, std::vector<Step> chain) : Node{at}, first{std::move(start)}, steps{std::move(chain)} {
        holds(first);
        for (const auto& step : steps) holds(step.operand);
    }
    const Value& run(Machine&, Value& scratch) const override;
    NodePtr first;
    std::vector<Step> steps;
};

struct Negation final : Node {
    Negation(std::uint32_t at, NodePtr of) : Node{at}, operand{std::move(of)} { holds(operand); }
    const Value& run(Machine&, Value& scratch) const override;
    NodePtr operand;
};

enum class Relation : std::uint8_t { equal, unequal, less, at_most, greater, at_least };
std::string_view to_string(Relation) noexcept;

struct Comparison final : Node {
    Comparison(std::uint32_t at, Relation how, NodePtr a, NodePtr b) : Node{at}, relation{how}, left{std::move(a)}, right{std::move(b)} {
        holds(left);
        holds(right);
    }
    const Value& run(Machine&, Value& scratch) const override;
    Relation relation;
    NodePtr left;
    NodePtr right;
};

/// `a and b and c`, or the same with `or`.
struct Junction final : Node {
    Junction(std::uint32_t at, bool is_conjunction, Nodes parts) : Node{at}, conjunction{is_conjunction}, operands{std::move(parts)} {
        for (const auto& operand : operands) holds(operand);
    }
    const Value& run(Machine&, Value& scratch) const override;
    bool conjunction;
    Nodes operands;
};

struct Between final : Node {
    Between(std::uint32_t at, NodePtr what, NodePtr from, NodePtr to)
        : Node{at}, subject{std::move(what)}, low{std::move(from)}, high{std::move(to)} {
        holds(subject);
        holds(low);
        holds(high);
    }
    const Value& run(Machine&, Value& scratch) const override;
    NodePtr subject;
    NodePtr low;
    NodePtr high;
};

/// The name of the input of unary tests.
inline constexpr std::string_view input_name = "?";

/// One or several unary tests of `?` (DMN 1.5, 10.3.2.8); true if one of them is.
struct Tests final : Node {
    struct Test {
        NodePtr expression;
        bool reads_input = false;      ///< it mentions `?`: its own truth is the answer
        bool differs = false;          ///< `!= x`
    };
    Tests(std::uint32_t at, std::vector<Test> all, bool is_negated, bool is_any) : Node{at}, tests{std::move(all)}, negated{is_negated}, any{is_any} {
        for (const auto& test : tests) holds(test.expression);
    }
    const Value& run(Machine&, Value& scratch) const override;
    std::vector<Test> tests;
    bool negated;
    bool any;   ///< `-`
};

/// `subject in tests`.
struct Membership final : Node {
    Membership(std::uint32_t at, NodePtr what, NodePtr in) : Node{at}, subject{std::move(what)}, tests{std::move(in)} {
        holds(subject);
        holds(tests);
    }
    const Value& run(Machine&, Value& scratch) const override;
    NodePtr subject;
    NodePtr tests;
};

struct InstanceOf final : Node {
    InstanceOf(std::uint32_t at, NodePtr what, Type wanted) : Node{at}, subject{std::move(what)}, type{std::move(wanted)} { holds(subject); }
    const Value& run(Machine&, Value& scratch) const override;
    NodePtr subject;
    Type type;
};

}  // namespace kontor::feel

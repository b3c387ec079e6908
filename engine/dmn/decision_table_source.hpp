#pragma once
/// What a reader of files knows of a decision table, with positions, and how it becomes one.
#include "dmn/decision_table.hpp"
#include "dmn/rules_text.hpp"

#include <variant>

namespace kontor::dmn {

/// Allowed values: as FEEL unary tests, or as values (which then are the text `a, b, c`).
struct AllowedSource {
    Text tests;
    std::vector<Value> values;
    Position at;
};

struct InputSource {
    Text name;
    Text expression;   ///< empty: the name itself
    Text type;         ///< empty: any
    std::optional<AllowedSource> allowed;
};

struct OutputSource {
    Text name;
    Text type;
    std::optional<AllowedSource> allowed;
    std::optional<Text> default_value;
};

struct RuleSource {
    Position at;
    std::vector<Text> tests;     ///< in the order of the inputs
    std::vector<Text> results;   ///< in the order of the outputs
    std::vector<Text> annotations;
};

struct DecisionTableSource {
    std::string file;
    std::string id;
    std::string name;
    Text hit_policy;             ///< empty: UNIQUE. `COLLECT SUM` sets the aggregator too
    Text aggregator;             ///< empty: none
    std::vector<InputSource> inputs;
    std::vector<OutputSource> outputs;
    std::vector<RuleSource> rules;
    std::vector<std::string> annotation_names;
    /// Names in scope that are not plain identifiers.
    std::vector<std::string> names;
    /// Item definitions.
    feel::Types types;
};

/// Puts the rules of a text table into a source whose inputs and outputs are declared: the columns are found by their names, in any order.
/// Gives all problems of the text and of its header.
std::vector<Problem> add_rules(DecisionTableSource&, const RulesText&);

/// A table, or all that is wrong with the source.
std::variant<DecisionTable, std::vector<Problem>> compile(const DecisionTableSource&);

}  // namespace kontor::dmn

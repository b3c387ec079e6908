#pragma once
/// Decision tables (DMN 1.5, 8.2 and 8.3).
#include "feel/feel.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kontor::dmn {

enum class HitPolicy : std::uint8_t { unique, first, priority, any, collect, rule_order, output_order };
enum class Aggregator : std::uint8_t { none, sum, min, max, count };

/// `UNIQUE`, `RULE ORDER`, ...; nothing for another text.
std::optional<HitPolicy> parse_hit_policy(std::string_view) noexcept;
std::string_view to_string(HitPolicy) noexcept;
/// `SUM`, `MIN`, `MAX`, `COUNT`.
std::optional<Aggregator> parse_aggregator(std::string_view) noexcept;

struct Input {
    std::string name;
    feel::Expression expression;
    feel::Type type;
    std::optional<feel::UnaryTests> allowed;
};

struct Output {
    std::string name;
    feel::Type type;
    std::optional<feel::UnaryTests> allowed;
    std::vector<Value> priorities;                   ///< the allowed values, the most important first; for PRIORITY and OUTPUT ORDER
    std::optional<feel::Expression> default_value;   ///< if no rule matches
};

struct Rule {
    std::vector<feel::UnaryTests> tests;       ///< one per input
    std::vector<feel::Expression> results;     ///< one per output
    std::vector<std::string> annotations;
};

/// Immutable and shared: copies are cheap and any thread may evaluate. Made by compile().
class DecisionTable {
public:
    struct Content {
        std::string id;
        std::string name;
        HitPolicy hit_policy = HitPolicy::unique;
        Aggregator aggregator = Aggregator::none;
        std::vector<Input> inputs;
        std::vector<Output> outputs;
        std::vector<Rule> rules;
        std::vector<std::string> annotation_names;
    };
    explicit DecisionTable(Content content) : content_{std::make_shared<const Content>(std::move(content))} {}
    [[nodiscard]] const Content* operator->() const noexcept { return content_.get(); }
    [[nodiscard]] const Content& operator*() const noexcept { return *content_; }
    /// The names that its expressions read from their scope.
    [[nodiscard]] std::set<std::string> reads() const;

private:
    std::shared_ptr<const Content> content_;
};

struct DecisionResult {
    /// One output gives its bare value, several a context; a policy with many hits gives a list of those.
    Value value;
    std::vector<std::size_t> matched_rules;   ///< counted from 1, in the order of the table
    std::vector<std::string> warnings;        ///< with the rule and the column where it arose
    /// Why there is no result although the table is well formed: two rules match in a UNIQUE table, a value is not allowed, ...
    std::optional<std::string> error;
    bool exhausted = false;                   ///< the step budget was used up: the value is null and must not be used
};

/// Never throws for what the data are: a decision without a result has the value null and says why.
DecisionResult evaluate(const DecisionTable&, const feel::Scope&, const feel::Situation&);
DecisionResult evaluate(const DecisionTable&, const Variables& inputs, const feel::Situation&);

}  // namespace kontor::dmn

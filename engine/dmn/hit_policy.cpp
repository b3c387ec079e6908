#include "dmn/hit_policy.hpp"

#include "feel/feel.hpp"
#include "feel/operators/compare.hpp"
#include "value/decimal_math.hpp"

#include <algorithm>
#include <utility>

namespace kontor::dmn {
namespace {

constexpr std::pair<std::string_view, HitPolicy> policies[] = {
    {"UNIQUE", HitPolicy::unique},   {"FIRST", HitPolicy::first},           {"PRIORITY", HitPolicy::priority},         {"ANY", HitPolicy::any},
    {"COLLECT", HitPolicy::collect}, {"RULE ORDER", HitPolicy::rule_order}, {"OUTPUT ORDER", HitPolicy::output_order},
};
constexpr std::pair<std::string_view, Aggregator> aggregators[] = {
    {"SUM", Aggregator::sum}, {"MIN", Aggregator::min}, {"MAX", Aggregator::max}, {"COUNT", Aggregator::count}};

/// `1, 4 and 5`.
std::string numbered(const std::vector<Hit>& hits) {
    std::string out;
    for (std::size_t i = 0; i < hits.size(); ++i)
        out += (i == 0 ? "" : i + 1 == hits.size() ? " and " : ", ") + std::to_string(hits[i].rule);
    return out;
}

Value unique(const DecisionTable::Content& table, const std::vector<Hit>& hits, std::optional<std::string>& error) {
    if (hits.size() == 1) return as_result(table, hits[0].outputs);
    error = "rules " + numbered(hits) + " match, but the hit policy is UNIQUE";
    return {};
}

Value any(const DecisionTable::Content& table, const std::vector<Hit>& hits, std::optional<std::string>& error) {
    const Value first = as_result(table, hits[0].outputs);
    for (const Hit& hit : hits) {
        if (feel::is_true(feel::equal(first, as_result(table, hit.outputs)))) continue;
        error = "rules " + numbered(hits) + " match with different outputs, but the hit policy is ANY";
        return {};
    }
    return first;
}

/// The place of a value in the list of allowed ones; behind all of them if it is not there.
std::size_t rank(const Output& output, const Value& value) {
    const auto found = std::find_if(output.priorities.begin(), output.priorities.end(),
                                    [&](const Value& allowed) { return feel::is_true(feel::equal(allowed, value)); });
    return static_cast<std::size_t>(found - output.priorities.begin());
}

std::vector<Hit> by_priority(const DecisionTable::Content& table, std::vector<Hit> hits) {
    std::stable_sort(hits.begin(), hits.end(), [&](const Hit& a, const Hit& b) {
        for (std::size_t i = 0; i < table.outputs.size(); ++i) {
            const auto first = rank(table.outputs[i], a.outputs[i]);
            const auto second = rank(table.outputs[i], b.outputs[i]);
            if (first != second) return first < second;
        }
        return false;
    });
    return hits;
}

Value list_of(const DecisionTable::Content& table, const std::vector<Hit>& hits) {
    std::vector<Value> results;
    for (const Hit& hit : hits) results.push_back(as_result(table, hit.outputs));
    return List{std::move(results)};
}

/// One output over all hits.
Value aggregate(Aggregator aggregator, const std::vector<Hit>& hits, std::size_t output) {
    Value result = hits[0].outputs[output];
    if (aggregator == Aggregator::sum && !result.if_number()) return {};
    for (std::size_t i = 1; i < hits.size(); ++i) {
        const Value& next = hits[i].outputs[output];
        if (aggregator == Aggregator::sum) {
            const auto sum = next.if_number() ? math::add(*result.if_number(), *next.if_number()) : std::nullopt;
            if (!sum) return {};
            result = *sum;
            continue;
        }
        const auto ordering = feel::order(next, result);
        if (!ordering) return {};
        if (aggregator == Aggregator::min ? *ordering < 0 : *ordering > 0) result = next;
    }
    return result;
}

Value collect(const DecisionTable::Content& table, const std::vector<Hit>& hits, std::optional<std::string>& error) {
    if (table.aggregator == Aggregator::none) return list_of(table, hits);
    if (table.aggregator == Aggregator::count) return hits.size();
    std::vector<Value> outputs;
    for (std::size_t i = 0; i < table.outputs.size(); ++i) {
        outputs.push_back(aggregate(table.aggregator, hits, i));
        if (outputs.back().is_null()) error = "the outputs of rules " + numbered(hits) + " cannot be aggregated";
    }
    return error ? Value{} : as_result(table, outputs);
}

}  // namespace

std::optional<HitPolicy> parse_hit_policy(std::string_view text) noexcept {
    for (const auto& [name, policy] : policies)
        if (name == text) return policy;
    return std::nullopt;
}

std::string_view to_string(HitPolicy policy) noexcept {
    for (const auto& [name, known] : policies)
        if (known == policy) return name;
    return "";
}

std::optional<Aggregator> parse_aggregator(std::string_view text) noexcept {
    for (const auto& [name, aggregator] : aggregators)
        if (name == text) return aggregator;
    return std::nullopt;
}

Value as_result(const DecisionTable::Content& table, const std::vector<Value>& outputs) {
    if (outputs.size() == 1) return outputs[0];
    Variables context;
    for (std::size_t i = 0; i < outputs.size(); ++i) context.set(table.outputs[i].name, outputs[i]);
    return context;
}

Value combine(const DecisionTable::Content& table, const std::vector<Hit>& hits, std::optional<std::string>& error) {
    switch (table.hit_policy) {
        case HitPolicy::unique: return unique(table, hits, error);
        case HitPolicy::first: return as_result(table, hits[0].outputs);
        case HitPolicy::any: return any(table, hits, error);
        case HitPolicy::priority: return as_result(table, by_priority(table, hits)[0].outputs);
        case HitPolicy::rule_order: return list_of(table, hits);
        case HitPolicy::output_order: return list_of(table, by_priority(table, hits));
        case HitPolicy::collect: return collect(table, hits, error);
    }
    return {};
}

}  // namespace kontor::dmn

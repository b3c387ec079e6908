#pragma once
/// From matching rules to one result (DMN 1.5, 8.2.10 and 8.2.11).
#include "dmn/decision_table.hpp"

namespace kontor::dmn {

/// A rule that matched, with its outputs evaluated.
struct Hit {
    std::size_t rule = 0;   ///< counted from 1
    std::vector<Value> outputs;
};

/// The table's result; sets `error` and gives null where the policy is violated.
Value combine(const DecisionTable::Content&, const std::vector<Hit>&, std::optional<std::string>& error);

/// The bare value of a single output, or a context of several.
Value as_result(const DecisionTable::Content&, const std::vector<Value>& outputs);

}  // namespace kontor::dmn

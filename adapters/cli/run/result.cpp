#include "cli/run/result.hpp"

#include "journal/masking.hpp"
#include "value/temporal_text.hpp"

namespace kontor::cli::run {
namespace {

Value texts(const std::vector<std::string>& all) { return std::vector<Value>{all.begin(), all.end()}; }

}  // namespace

Variables result_of(const Ending& ending, const Plan& plan, std::size_t row) {
    Variables result{{"event", "result"}};
    if (row > 0) result.set("row", row);
    result.set("status", to_string(ending.status));
    result.set("process", plan.main->process.id);
    if (row == 0) result.set("instance", ending.instance.str());
    if (!ending.end_event.empty()) result.set("endEvent", ending.end_event);
    if (!ending.waits_at.empty()) result.set("waitsAt", texts(ending.waits_at));
    if (!ending.reasons.empty()) result.set("reasons", texts(ending.reasons));
    const auto ms = ending.lasted.count();
    result.set("virtualDuration", to_string(DaysDuration{ms / 1000, static_cast<std::int32_t>(ms % 1000) * 1'000'000}));
    result.set("variables", plan.unmasked ? ending.variables : journal::Masking{plan.main->process}.variables(ending.variables));
    return result;
}

}  // namespace kontor::cli::run

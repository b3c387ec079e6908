#include "processes/checked.hpp"

namespace kontor::test {

using namespace core;

namespace {

template <class... F>
struct Overload : F... {
    using F::operator()...;
};

/// The job that an effect is about; none for other effects.
ElementKey job_of_effect(const Effect& effect) {
    return std::visit(Overload{[](const PrepareCall& e) { return e.job; }, [](const CallService& e) { return e.job; },
                               [](const QueryService& e) { return e.job; }, [](const WakeJob& e) { return e.job; },
                               [](const auto&) { return ElementKey{}; }},
                      effect);
}

}  // namespace

void OpenWork::take(const std::vector<Effect>& effects) {
    for (const Effect& effect : effects) {
        if (const ElementKey job = job_of_effect(effect)) calls_.insert_or_assign(job, effect);
        std::visit(Overload{[&](const ScheduleTimer& e) { waits_.insert_or_assign(e.wait, effect); },
                            [&](const OpenSubscription& e) { waits_.insert_or_assign(e.wait, effect); },
                            [&](const CancelTimer& e) { waits_.erase(e.wait); }, [&](const CloseSubscription& e) { waits_.erase(e.wait); },
                            [&](const OfferTask& e) { tasks_.insert(e.task); }, [&](const WithdrawTask& e) { tasks_.erase(e.task); },
                            [&](const ReportIncident& e) { incidents_.insert(e.incident); },
                            [&](const ClearIncident& e) { incidents_.erase(e.incident); }, [](const auto&) {}},
                   effect);
    }
}

std::string OpenWork::difference_from(const State& state) const {
    OpenWork wanted;
    const auto effects = open_effects(state);
    wanted.take(effects);
    std::string wrong;
    if (wanted.waits_ != waits_)
        wrong += " waits: " + std::to_string(waits_.size()) + " by effects, " + std::to_string(wanted.waits_.size()) + " by state;";
    if (wanted.tasks_ != tasks_) wrong += " user tasks;";
    if (wanted.incidents_ != incidents_)
        wrong += " incidents: " + std::to_string(incidents_.size()) + " by effects, " + std::to_string(wanted.incidents_.size()) + " by state;";
    // What ends a job ends the wish about it, without an effect of its own.
    for (const auto& [job, effect] : wanted.calls_)
        if (const auto mine = calls_.find(job); mine == calls_.end() || !(mine->second == effect)) wrong += " call of " + job.str() + ";";
    return wrong;
}

}  // namespace kontor::test

#pragma once
/// What has to be compensated, found out a second time from the events alone: complete, once each, newest first.
#include "processes/checked.hpp"

namespace kontor::test {

class Undone {
public:
    explicit Undone(const model::Process& process) : process_{process} {}

    /// To be shown every event, with the state before it. Throws Violation.
    void see(const core::State& before, const core::Event&);

    /// Idempotency keys of steps of which the journal says that they took effect.
    [[nodiscard]] const std::set<core::ElementKey>& took_effect() const noexcept { return took_effect_; }

private:
    struct Step {
        core::ElementKey key;
        core::ElementKey scope;                ///< whose compensation reaches it now
        core::ElementIndex counts_as{};        ///< the activity of that scope: the step, or the subprocess around it
        std::vector<std::uint64_t> order;      ///< when it completed: outermost subprocess first
        bool owed = false;
    };
    void completed(const core::State&, const core::ElementCompleted&);
    void scope_left(const core::ElementInstance&, bool keeps);
    void terminated(const core::State&, const core::ElementTerminated&);
    void begins(const core::State&, const core::ElementActivated&);
    void run_over(const core::State&, const core::CompensationCompleted&) const;
    void ended(bool must_be_empty) const;

    const model::Process& process_;
    std::vector<Step> steps_;                  ///< not undone yet
    std::set<core::ElementKey> took_effect_;
    std::uint64_t count_ = 0;
};

}  // namespace kontor::test

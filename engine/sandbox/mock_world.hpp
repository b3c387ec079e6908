#pragma once
/// Services and people that answer as a mock file says.
#include "sandbox/world.hpp"
#include "yaml/test_file.hpp"

#include <map>
#include <string>
#include <vector>

namespace kontor::sandbox {

/// A call that was made.
struct MadeCall {
    std::string service;
    Variables input;
    std::string idempotency_key;
    Instant at;
};

/// Answers by the name of the service, from its list in order; the last answer repeats. A result may be an expression over `input` and
/// the variables that the element sees.
class MockWorld final : public World {
public:
    /// What happens to a service that the mocks do not name, neither by name nor by `unmocked`.
    enum class Unmocked {
        answer_nothing,   ///< it completes at once with nothing
        record,           ///< the same, and unmocked() names it: a process test fails
    };
    /// What a person does with a task that the mocks do not name.
    enum class Untold {
        complete,         ///< completes it at once with nothing, as somebody who may
        wait,             ///< leaves it
    };

    /// `mocks` must outlive it.
    MockWorld(const yaml::Mocks& mocks, Unmocked unmocked, Untold untold) : mocks_{mocks}, if_unmocked_{unmocked}, if_untold_{untold} {}

    ServiceAnswer call(const ServiceCall&) override;
    /// As the answer that the call got says; without `query` the call never took effect.
    core::AnswerQuery query(const ServiceCall&) override;
    std::optional<TaskAnswer> offer(const OfferedTask&) override;

    [[nodiscard]] const std::vector<MadeCall>& calls() const noexcept { return calls_; }
    /// Services that were called and not mocked, each once.
    [[nodiscard]] const std::vector<std::string>& unmocked() const noexcept { return unmocked_; }
    /// Expressions of mocks that gave null for a reason, each once: `LINE:COLUMN: no variable named x`.
    [[nodiscard]] const std::vector<std::string>& warnings() const noexcept { return warnings_; }

private:
    Value evaluate(const model::Formula&, const core::State&, const model::Process&, core::ElementKey, const Variables& input, Instant);

    void note(model::Position, const std::string& what);

    const yaml::Mocks& mocks_;
    Unmocked if_unmocked_;
    Untold if_untold_;
    std::map<std::string, std::size_t, std::less<>> answered_;   ///< how often, by service or task
    std::map<std::string, const yaml::MockAnswer*, std::less<>> last_answer_;   ///< by idempotency key
    std::vector<MadeCall> calls_;
    std::vector<std::string> unmocked_;
    std::vector<std::string> warnings_;
};

}  // namespace kontor::sandbox

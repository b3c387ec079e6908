#pragma once
/// What answers a process in the sandbox: services and people.
#include "core/command.hpp"
#include "model/process.hpp"

#include <optional>
#include <string>
#include <variant>

namespace kontor::sandbox {

/// A call as a service sees it.
struct ServiceCall {
    const core::State& state;
    const model::Process& process;
    const model::Element& element;
    core::ElementKey job;
    const std::string& service;
    const Variables& input;
    std::uint32_t attempt = 1;
    std::string idempotency_key;
    Instant at;
};

struct Returned { Value result; };
struct ReturnedError { std::string code; std::string message; Value data; };
struct Failed { std::string message; std::optional<Duration> retry_after; bool permanent = false; };
/// Accepted; the answer comes from elsewhere, or not at all.
struct Deferred { Duration within{}; };
/// No answer ever: nobody knows whether it took effect.
struct Lost { std::string reason; };
using Reply = std::variant<Returned, ReturnedError, Failed, Deferred, Lost>;

struct ServiceAnswer {
    Duration after{};            ///< virtual time until the reply
    Reply reply = Returned{};
};

struct OfferedTask {
    const core::State& state;
    const model::Process& process;
    const model::Element& element;
    core::ElementKey task;
    const Variables& input;
    Instant at;
};
struct TaskAnswer {
    Duration after{};
    Variables output;
    core::Actor by;
};

/// Not thread-safe; called from within Sandbox's own functions.
class World {
public:
    virtual ~World() = default;
    virtual ServiceAnswer call(const ServiceCall&) = 0;
    /// What became of a call whose outcome is unknown; by default it never took effect.
    virtual core::AnswerQuery query(const ServiceCall& call) { return {call.job, false, {}}; }
    /// Nothing: the task waits until somebody completes it.
    virtual std::optional<TaskAnswer> offer(const OfferedTask&) { return std::nullopt; }
};

}  // namespace kontor::sandbox

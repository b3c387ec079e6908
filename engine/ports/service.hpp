#pragma once
/// The inside of a service call and of its reply: what the runtime makes and an adapter gets.
#include <kontor/service.hpp>

#include <atomic>
#include <functional>
#include <string>
#include <utility>
#include <variant>

namespace kontor {

struct ServiceCall::Content {
    Variables input{};
    JobKey job{};
    InstanceKey instance{};
    int attempt = 1;
    std::string service{};
    std::string element{};
    std::string process{};
    std::string business_key{};
    std::string idempotency_key{};
    std::string traceparent{};
    Instant deadline{};
    std::stop_token stop{};
    std::optional<CompensatedCall> compensates{};
};

/// Where an answer goes: the first one is handed on, the others are told that they come too late.
struct Reply::Target {
    struct Done { Variables result; };
    struct Failed { std::string message; };
    struct Unknown { std::string why; };
    struct NeverHappened {};
    using Said = std::variant<Done, Later, BusinessError, Failed, RetryLater, Permanent, Unknown, NeverHappened>;
    /// What an answer says, and whom to tell once it is durable.
    struct Outcome : Said {
        using Said::Said;
        AfterCommit after_commit{};
    };

    explicit Target(std::function<void(Outcome)> first) : on_first_{std::move(first)} {}
    /// Dropped unanswered: nobody knows.
    ~Target() { answer(Unknown{"the call was dropped without an answer"}); }
    Target(const Target&) = delete;
    Target& operator=(const Target&) = delete;

    void answer(Outcome outcome) {
        if (!answered_.exchange(true)) return std::exchange(on_first_, nullptr)(std::move(outcome));   // a reply that is kept keeps nothing else
        if (outcome.after_commit) outcome.after_commit(Error{Code::conflict, "the call has been answered before"});
    }

private:
    std::atomic<bool> answered_{false};
    std::function<void(Outcome)> on_first_;
};

namespace ports {

using CallOutcome = Reply::Target::Outcome;

/// A call that nobody has made yet, for the runtime and for tests of adapters. `on_answer` is called once, from any thread.
inline ServiceCall make_call(ServiceCall::Content content) {
    return ServiceCall{std::make_shared<const ServiceCall::Content>(std::move(content))};
}
inline Reply make_reply(std::function<void(CallOutcome)> on_answer) {
    return Reply{std::make_shared<Reply::Target>(std::move(on_answer))};
}

/// Says to the reply what an adapter has made of its protocol's answer.
void give(const Reply&, CallOutcome);

}  // namespace ports
}  // namespace kontor

#pragma once
/// Process tests and mocks as their files say them; running them is not this folder's business.
#include "model/element.hpp"
#include "yaml/source.hpp"

#include <kontor/error.hpp>

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kontor::yaml {

/// What a service says when it is asked what became of a call that was lost.
struct MockQuery {
    std::optional<bool> took_effect;        ///< nothing: it cannot say
    std::optional<model::Formula> result;   ///< of the call that took effect; reads `input`
};

/// What a mocked service does when it is called. The first `fails` calls fail technically, or the first `lost` ones get no answer; then
/// `after` passes, and `result` or `error` comes.
struct MockAnswer {
    std::uint32_t fails = 0;
    std::uint32_t lost = 0;                 ///< after `after`, nobody knows whether they took effect
    std::optional<MockQuery> query;         ///< nothing: no lost call took effect
    Duration after{};
    std::optional<model::Formula> result;   ///< its expressions read `input`, that of the call; nothing: an empty result
    std::optional<std::string> error;       ///< a BPMN error's code, instead of a result
    std::string message;                    ///< of the error
    model::Position position;
};

/// How a person answers a user task.
struct MockTask {
    Duration after{};
    std::optional<model::Formula> result;   ///< its expressions read `input`, that of the task
    std::string by;
    std::vector<std::string> groups;
    model::Position position;
};

/// Of several answers the first call gets the first, and so on; the last one stays. An answer with `fails` or `lost` serves those
/// calls and, unless it has neither result nor error, one call more.
struct Mocks {
    std::optional<Instant> start;           ///< virtual time at the beginning
    Variables variables;                    ///< given at every start
    std::map<std::string, std::vector<MockAnswer>, std::less<>> services;
    std::map<std::string, std::vector<MockTask>, std::less<>> user_tasks;   ///< by the element's id
    /// of services without a line of their own (`unmocked:`, or `"*"` among the services)
    std::optional<MockAnswer> unmocked;

    /// These mocks with those of a case put over them: by service, by task, by variable.
    [[nodiscard]] Mocks with(const Mocks& own) const;
};

namespace step {
struct Start { Variables variables; std::string business_key; };
struct Advance { Duration by{}; };
struct Restart {};
struct Complete { std::string element; std::string by; std::vector<std::string> groups; Variables output; };
struct Publish { std::string message; std::optional<Value> key; Variables payload; };
struct Suspend { std::string by; };
struct Resume { std::string by; };
/// An incident of this kind is open, at this element if one is named.
struct Incident { std::string kind; std::string at; };
/// A person resolves the incident at the element.
struct Resolve { std::string element; std::string by; Variables variables; std::optional<bool> took_effect; };
/// The instance waits at exactly these elements.
struct Waits { std::vector<std::string> elements; };
/// The instance has ended, at this end event.
struct Ends { std::string element; };
}  // namespace step

struct Step {
    std::variant<step::Start, step::Advance, step::Restart, step::Complete, step::Publish, step::Suspend, step::Resume, step::Resolve,
                 step::Incident, step::Waits, step::Ends>
        action;
    std::optional<std::string> refused;     ///< the step must be rejected by this rule
    model::Position position;
};

struct ExpectedCalls {
    std::string service;
    std::optional<std::uint32_t> times;     ///< attempts in all
    std::optional<Variables> input;         ///< of every call: these names with these values, others are allowed
    bool same_key = false;                  ///< all attempts carry one idempotency key
    model::Position position;
};

struct ExpectedVariable {
    std::string path;                       ///< `offer.instalment`
    std::variant<Value, model::Formula> wanted;   ///< a value, or a condition that must be true
    model::Position position;
};

struct Expect {
    /// elements in the order of their completion; `...` is any number of others
    std::optional<std::vector<std::string>> path;
    std::vector<std::string> never;
    std::optional<std::vector<std::string>> compensated;   ///< in this order, and nothing else
    std::vector<ExpectedCalls> calls;
    std::vector<ExpectedVariable> variables;
    model::Position position;
};

struct Case {
    std::string name;
    Mocks mocks;                            ///< its own; see Mocks::with
    std::vector<Step> steps;
    Expect expect;
    model::Position position;
};

struct TestFile {
    std::string process;
    Mocks mocks;
    std::vector<Case> cases;
    std::vector<Problem> problems;
    [[nodiscard]] bool ok() const noexcept;
};
TestFile read_test(const Source&);

/// A file of mocks alone, for `kontor run --mock`: the block behind `mocks:` of a test.
struct MockFile {
    Mocks mocks;
    std::vector<Problem> problems;
    [[nodiscard]] bool ok() const noexcept;
};
MockFile read_mocks(const Source&);

}  // namespace kontor::yaml

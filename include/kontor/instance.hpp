#pragma once
/// What can be asked of and about process instances: requests, queries, and what they are answered.
#include <kontor/key.hpp>
#include <kontor/temporal.hpp>
#include <kontor/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kontor {

// ---- requests -------------------------------------------------------------------------------------------------------------

/// Who does something, and which groups he belongs to.
struct Actor {
    std::string user{};
    std::vector<std::string> groups{};
};

struct StartRequest {
    std::string process{};
    std::string business_key{};
    Variables variables{};
    std::string request_id{};     ///< the same id gives the same answer, and with another content is refused; empty: every start is new
    int version = 0;              ///< 0: the latest
    std::string version_tag{};    ///< the latest version with this tag; empty: any
    Actor by{};
};
struct Started {
    InstanceKey key{};
    bool duplicate = false;       ///< this request id had been answered before
    operator InstanceKey() const noexcept { return key; }
};
struct CompleteTask {
    Variables output{};
    Actor by{};
    std::string request_id{};
};
struct CancelRequest {
    Actor by{};
    std::string reason{};
    bool compensate = true;       ///< undo what can be undone
};
struct ResolveRequest {
    Actor by{};
    Variables variables{};                     ///< corrections, written before trying again
    std::optional<bool> took_effect{};         ///< of an unknown outcome: what was found out
};

// ---- answers --------------------------------------------------------------------------------------------------------------

/// `incident`: it runs, and somewhere in it a person has to help.
enum class State { running, incident, suspended, cancelling, completed, cancelled, failed };
/// `running`, `incident`, ...
std::string_view to_string(State) noexcept;

/// Where a list goes on. Opaque; outlives the process.
struct Cursor {
    std::string text{};
    friend bool operator==(const Cursor&, const Cursor&) = default;
};
/// Part of a longer list; `next` is where it goes on, and nothing if this was all. Owns what it holds.
template <class T>
struct Page {
    std::vector<T> items{};
    std::optional<Cursor> next{};
    auto begin() const { return items.begin(); }
    auto end() const { return items.end(); }
};

struct InstanceInfo {
    InstanceKey key{};
    std::string process{};
    int version = 0;
    std::string business_key{};
    State state{};
    Instant started_at{};
    Instant changed_at{};
};
struct InstanceQuery {
    std::string process{};
    std::string business_key{};
    std::optional<State> state{};
    std::optional<Instant> started_from{};     ///< at this moment or later
    std::optional<Instant> started_before{};   ///< not at this moment
    int limit = 100;              ///< 1 to 1000
    std::optional<Cursor> after{};
};

/// A user task that waits for somebody.
struct TaskInfo {
    TaskKey key{};
    InstanceKey instance{};
    std::string process{};
    std::string element{};
    std::string assignee{};
    std::vector<std::string> candidate_groups{};
    std::vector<std::string> candidate_users{};
    Instant created_at{};
    std::optional<Instant> due{};
};
struct TaskQuery {
    std::string candidate_group{};
    std::string candidate_user{};
    std::string assignee{};
    InstanceKey instance{};
    int limit = 100;              ///< 1 to 1000
    std::optional<Cursor> after{};
};

struct IncidentInfo {
    IncidentKey key{};
    InstanceKey instance{};
    std::string process{};
    std::string element{};
    std::string kind{};           ///< `job-exhausted`, `outcome-unknown`, ...: IncidentQuery names all
    std::string message{};
    Instant raised_at{};
};
/// Kinds: `expression`, `job-exhausted`, `job-permanent`, `outcome-unknown`, `unhandled-error`, `no-flow`, `deadlock`, `step-budget`, `decision`,
/// `too-large`, `not-recorded`, `answer-lost`, `restored`. What is empty narrows nothing; another kind finds nothing.
struct IncidentQuery {
    std::string process{};
    InstanceKey instance{};
    std::string element{};
    std::string kind{};
    std::optional<Instant> raised_before{};
    int limit = 100;              ///< 1 to 1000
    std::optional<Cursor> after{};
};

struct RefusedIncident {
    IncidentKey key{};
    InstanceKey instance{};
    std::string why{};
};
/// What became of the incidents of one page.
struct ResolvedIncidents {
    std::uint64_t resolved = 0;
    std::vector<RefusedIncident> refused{};
    std::optional<Cursor> next{};   ///< where the query goes on; nothing if this was all
};

// ---- ends -----------------------------------------------------------------------------------------------------------------

struct Completed {
    Variables variables{};
    std::string end_event{};
};
/// An error end event was reached whose error nobody caught. (A service's uncaught error is an incident instead.)
struct Failed {
    std::string error_code{};
};
struct Cancelled {
    std::string reason{};
};
using Outcome = std::variant<Completed, Failed, Cancelled>;

// ---- history --------------------------------------------------------------------------------------------------------------

/// A fact about an instance, durable when you see it.
struct Event {
    Cursor position{};            ///< behind this event, for subscriptions
    InstanceKey instance{};
    std::string process{};
    std::string type{};           ///< `elementActivated`, `jobCompleted`, ...: docs/reference/events.md
    std::string element{};
    Instant at{};
    std::string json{};           ///< all of it on one line, sensitive values masked
};
struct HistoryQuery {
    InstanceKey instance{};
    int limit = 1000;             ///< 1 to 10000 journal rows
    std::optional<Cursor> after{};
};

}  // namespace kontor

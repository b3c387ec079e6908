#pragma once
/// What a store holds. The journal is the truth; so are deployments, inbox, kept messages and requests. Every other row follows from the
/// journal and can be rebuilt (`store check`).
///
/// Members called bytes, command, payload, answer and body_hash, and links, take any byte. Every other text is UTF-8 without NUL: a
/// database cuts text at a NUL or refuses it, so a store refuses it first. A thing's bucket is the one in its key.
#include "core/state.hpp"
#include "journal/chain.hpp"

#include <kontor/key.hpp>
#include <kontor/temporal.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kontor::ports {

/// One row holds all events of one decide, encoded. Never changed.
struct JournalRow {
    core::Position position{};
    InstanceKey instance{};
    std::int32_t period = 0;          ///< months since 1970-01 in which the instance started: retention drops whole periods
    std::uint64_t previous = 0;       ///< sequence of the instance's row before this one, 0 for its first: rows of an instance are found by it
    std::string bytes{};
    journal::Link link{};             ///< the hash chain of the instance, after this row
    friend bool operator==(const JournalRow&, const JournalRow&) = default;
};

/// The head of an instance: derived, but for the chain's head, which outlives dropped periods as a tombstone.
struct InstanceRow {
    InstanceKey key{};
    std::int32_t period = 0;
    std::string process{};
    std::string definition{};
    std::string business_key{};
    lifecycle::Instance phase = lifecycle::Instance::running;
    bool active = false;              ///< after a crash somebody must go on with it: a call of this process is running
    bool has_incident = false;
    Instant started{};
    Instant changed{};
    std::uint64_t rows = 0;           ///< length of the chain
    core::Position last{};            ///< position of its newest row: a batch with journal rows of an instance brings this row too
    journal::Link head{};
    bool dropped = false;             ///< retention took the journal: rows and head are what is left of it. Only the store sets it.
    friend bool operator==(const InstanceRow&, const InstanceRow&) = default;
};

struct SnapshotRow {
    InstanceKey instance{};
    core::Position at{};              ///< the newest row that it contains
    std::string bytes{};
    friend bool operator==(const SnapshotRow&, const SnapshotRow&) = default;
};

/// Something that becomes due: a timer's wait, or a job that backs off or was deferred.
struct TimerRow {
    std::uint64_t key = 0;            ///< WaitKey, or the ElementKey of the job
    InstanceKey instance{};
    bool is_job = false;
    Instant due{};
    friend bool operator==(const TimerRow&, const TimerRow&) = default;
};
struct SubscriptionRow {
    core::WaitKey key{};
    InstanceKey instance{};
    std::string message{};
    std::string correlation_key{};
    friend bool operator==(const SubscriptionRow&, const SubscriptionRow&) = default;
};
struct TaskRow {
    TaskKey key{};
    InstanceKey instance{};
    std::string process{};
    std::string element{};
    std::string assignee{};
    std::vector<std::string> candidate_groups{};
    std::vector<std::string> candidate_users{};
    Instant created{};
    std::optional<Instant> due{};
    friend bool operator==(const TaskRow&, const TaskRow&) = default;
};
struct IncidentRow {
    IncidentKey key{};
    InstanceKey instance{};
    std::string process{};
    std::string element{};
    std::string kind{};
    std::string message{};
    Instant raised{};
    friend bool operator==(const IncidentRow&, const IncidentRow&) = default;
};

/// A command on its way to a bucket. Its sender's commit inserts it, its receiver's commit deletes it.
struct InboxRow {
    std::uint32_t bucket = 0;
    std::string id{};                 ///< unique: sending twice is sending once
    std::string command{};            ///< encoded
    Instant sent{};
    std::uint64_t arrival = 0;        ///< made by the store: rows of a bucket are read in this order
    friend bool operator==(const InboxRow&, const InboxRow&) = default;
};

/// What became of a command that one node has sent to another through the inbox. Committed with what the command did.
struct ReplyRow {
    std::string node{};               ///< that waits for it
    std::string id{};                 ///< of the inbox row that it answers
    std::string answer{};             ///< encoded
    Instant sent{};
    friend bool operator==(const ReplyRow&, const ReplyRow&) = default;
};

struct MessageKey {
    std::uint32_t bucket = 0;         ///< hash(name, correlation key)
    std::string name{};
    std::string correlation_key{};
    std::string id{};                 ///< of the sender's choice: de-duplication
    friend auto operator<=>(const MessageKey&, const MessageKey&) = default;
};
/// A message that nobody waits for yet.
struct MessageRow {
    MessageKey key{};
    std::string payload{};            ///< encoded
    Instant published{};
    Instant until{};
    bool taken = false;               ///< kept until its time is over, so that a duplicate is known
    friend bool operator==(const MessageRow&, const MessageRow&) = default;
};

/// What a request with an id was answered.
struct RequestRow {
    std::string id{};
    std::string body_hash{};          ///< bytes; the same id with another body is refused
    std::string answer{};             ///< encoded
    Instant answered{};
    friend bool operator==(const RequestRow&, const RequestRow&) = default;
};

/// A deployed version: its source is all that is needed to run it again in ten years.
struct DeploymentRow {
    std::string id{};                 ///< as events name it: process id, version number, hash
    std::string process{};
    std::uint32_t version = 0;
    std::string version_tag{};
    std::string hash{};               ///< of the sources
    std::vector<std::pair<std::string, std::string>> sources{}; ///< file names with their texts
    std::vector<std::string> elements{};                        ///< element ids by index
    Instant deployed{};
    friend bool operator==(const DeploymentRow&, const DeploymentRow&) = default;
};

}  // namespace kontor::ports

#pragma once
/// What a store holds. The journal is the truth; so are deployments, inbox, kept messages and requests. Every other row follows from the
/// journal and can be rebuilt (`store check`).
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
    core::Position position;
    InstanceKey instance;
    std::int32_t period = 0;          ///< months since 1970-01 in which the instance started: retention drops whole periods
    std::string bytes;
    journal::Link link;               ///< the hash chain of the instance, after this row
};

/// The head of an instance: derived, but for the chain's head, which outlives dropped periods as a tombstone.
struct InstanceRow {
    InstanceKey key;
    std::int32_t period = 0;
    std::string process;
    std::string definition;
    std::string business_key;
    lifecycle::Instance phase = lifecycle::Instance::running;
    bool active = false;              ///< after a crash somebody must go on with it: a call of this process is running
    bool has_incident = false;
    Instant started;
    Instant changed;
    std::uint64_t rows = 0;           ///< length of the chain
    core::Position last;              ///< position of its newest row
    journal::Link head;
};

struct SnapshotRow {
    InstanceKey instance;
    core::Position at;                ///< the newest row that it contains
    std::string bytes;
};

/// Something that becomes due: a timer's wait, or a job that backs off or was deferred.
struct TimerRow {
    std::uint64_t key = 0;            ///< WaitKey, or the ElementKey of the job
    InstanceKey instance;
    bool is_job = false;
    Instant due;
};
struct SubscriptionRow {
    core::WaitKey key;
    InstanceKey instance;
    std::string message;
    std::string correlation_key;
};
struct TaskRow {
    TaskKey key;
    InstanceKey instance;
    std::string process;
    std::string element;
    std::string assignee;
    std::vector<std::string> candidate_groups;
    std::vector<std::string> candidate_users;
    Instant created;
    std::optional<Instant> due;
};
struct IncidentRow {
    IncidentKey key;
    InstanceKey instance;
    std::string process;
    std::string element;
    std::string kind;
    std::string message;
    Instant raised;
};

/// A command on its way to a bucket. Its sender's commit inserts it, its receiver's commit deletes it.
struct InboxRow {
    std::uint32_t bucket = 0;
    std::string id;                   ///< unique: sending twice is sending once
    std::string command;              ///< encoded
    Instant sent;
};

/// A message that nobody waits for yet.
struct MessageRow {
    std::uint32_t bucket = 0;         ///< hash(name, correlation key)
    std::string id;                   ///< with the name and the key: de-duplication
    std::string name;
    std::string correlation_key;
    std::string payload;              ///< encoded
    Instant published;
    Instant until;
    bool taken = false;               ///< kept until its time is over, so that a duplicate is known
};

/// What a request with an id was answered.
struct RequestRow {
    std::string id;
    std::string body_hash;            ///< the same id with another body is refused
    std::string answer;               ///< encoded
    Instant answered;
};

/// A deployed version: its source is all that is needed to run it again in ten years.
struct DeploymentRow {
    std::string id;                   ///< as events name it: process id, version number, hash
    std::string process;
    std::uint32_t version = 0;
    std::string version_tag;
    std::string hash;                 ///< of the sources
    std::vector<std::pair<std::string, std::string>> sources;   ///< file names with their texts
    std::vector<std::string> elements;                          ///< element ids by index
    Instant deployed;
};

}  // namespace kontor::ports

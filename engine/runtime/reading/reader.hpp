#pragma once
/// What can be asked about a store: by the engine that owns it, and by anybody beside.
#include "ports/store.hpp"
#include "runtime/instance/definitions.hpp"
#include "runtime/instance/live.hpp"

#include <kontor/instance.hpp>

namespace kontor::runtime {

/// Any thread. All block for the store, see what was durable before they began, and throw Error{unavailable} when it is away.
class Reader {
public:
    Reader(ports::Store& store, const Definitions& definitions) : store_{store}, definitions_{definitions} {}

    [[nodiscard]] std::optional<InstanceInfo> find(InstanceKey) const;
    [[nodiscard]] std::optional<InstanceKey> started(std::string_view request_id) const;
    /// With its state. Throws Error{not_found}.
    [[nodiscard]] Live read(InstanceKey) const;
    /// Of the process itself. Throws Error{not_found}.
    [[nodiscard]] Variables variables(InstanceKey) const;
    /// The same, with sensitive ones masked.
    [[nodiscard]] Variables masked_variables(InstanceKey) const;
    /// Ids of the elements that it is at, the oldest first: activities that run and events that it waits for.
    [[nodiscard]] std::vector<std::string> waits(InstanceKey) const;
    /// Throws Error{not_found} if the user task is done.
    [[nodiscard]] Variables input(TaskKey) const;
    [[nodiscard]] Page<InstanceInfo> instances(const InstanceQuery&) const;
    [[nodiscard]] Page<TaskInfo> tasks(const TaskQuery&) const;
    [[nodiscard]] Page<IncidentInfo> incidents(const IncidentQuery&) const;
    [[nodiscard]] Page<Event> history(const HistoryQuery&) const;

    /// The instance that something belongs to. Throws Error{not_found}; `what` says what was looked for.
    [[nodiscard]] InstanceKey instance_of(std::uint64_t key, std::string_view what) const;

    [[nodiscard]] ports::Store& store() const noexcept { return store_; }
    [[nodiscard]] const Definitions& definitions() const noexcept { return definitions_; }

private:
    [[nodiscard]] std::optional<ports::JournalRow> row_at(core::Position) const;
    [[nodiscard]] InstanceInfo info_of(const ports::InstanceRow&) const;

    ports::Store& store_;
    const Definitions& definitions_;
};

/// As people see it: a running instance with an incident is at State::incident.
State state_of(const ports::InstanceRow&);

}  // namespace kontor::runtime

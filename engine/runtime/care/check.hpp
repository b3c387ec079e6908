#pragma once
/// Whether every derived row is what the journal says: instances, snapshots, timers, subscriptions, tasks, incidents.
#include "runtime/care/audit.hpp"
#include "runtime/instance/live.hpp"

namespace kontor::runtime {

/// Rows of the index tables that one instance has, or should have.
struct IndexRows {
    std::vector<ports::TimerRow> timers{};
    std::vector<ports::SubscriptionRow> subscriptions{};
    std::vector<ports::TaskRow> tasks{};
    std::vector<ports::IncidentRow> incidents{};
};
/// What follows from a state alone, with no regard to how it came about.
IndexRows index_rows_of(const Live&);

struct Difference {
    InstanceKey instance{};
    std::string table{};          ///< `instance`, `snapshot`, `timer`, `subscription`, `task`, `incident`, or `journal`
    std::uint64_t key = 0;        ///< of the row
    std::string what{};
};
struct Check {
    std::uint64_t instances = 0;
    std::vector<Difference> differences{};
    std::uint64_t moving = 0;     ///< instances that went on while they were looked at, again and again: nothing was found out about them
};

/// Rebuilds all from the journal, snapshots aside, and compares. Blocks; may be asked beside an owner that writes: what differs is looked
/// at again. Holds the states of one bucket in memory.
Check check_rows(ports::Store&, const Definitions&, const Progress& progress = {});

}  // namespace kontor::runtime

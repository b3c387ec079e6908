#pragma once
/// An instance in memory, and how it gets there: the newest snapshot, then the rows behind it.
#include "core/decide.hpp"
#include "ports/store.hpp"
#include "runtime/instance/definitions.hpp"

#include <cstdint>
#include <list>
#include <optional>
#include <set>

namespace kontor::runtime {

struct Live {
    VersionRef version{};
    core::State state{};
    ports::InstanceRow row{};             ///< as of the last decision
    core::Position newest{};              ///< of all that was read: behind `row` if somebody wrote meanwhile
    std::size_t tail_events = 0;          ///< behind the last snapshot
    std::size_t tail_bytes = 0;
    std::set<core::ElementKey> to_wake{}; ///< jobs that have a timer row
    // Kept by the bucket and its LiveInstances:
    std::size_t uncommitted = 0;          ///< decisions that are not durable yet
    bool spoiled = false;                 ///< a decision broke off: the state is gone, the durable one has to be read again
    std::optional<std::list<InstanceKey>::iterator> resting{};   ///< its place among those that nobody needs
};

/// Nothing if there is no such instance. Blocks. Throws Error{unavailable} if the store is away, Error{not_found} if retention has dropped the
/// journal, and journal::ReadError or ports::Damaged if this instance cannot be read here, however well the store is.
std::optional<Live> read_instance(ports::Store&, const Definitions&, InstanceKey);

}  // namespace kontor::runtime

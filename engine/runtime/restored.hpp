#pragma once
/// A store that was restored from a backup: what it must not do again, and who has to look.
///
/// Whatever was done after the backup was taken is not in the store, but services have seen it. So no key of that time may be made
/// again, for something else: buckets go on at a place beyond it. And every instance that has not ended may have been further: it
/// halts with an incident, and calls that may not simply be repeated are ones whose outcome is unknown.
#include "ports/store.hpp"

#include <kontor/engine.hpp>

#include <functional>

namespace kontor::runtime {

/// Where buckets go on: four for every millisecond since 2026, or far behind where the store has been, if that is further. So stores that
/// were restored from the same backup at different times share no keys either, unless a bucket writes more than 4,000 rows a second for all
/// the time in between.
std::uint64_t sequence_after_restore(ports::Store&, Instant now);

struct Rewound {
    std::uint64_t halted = 0;      ///< instances that wait for a person now
    std::uint64_t before = 0;      ///< that did already: the command was begun before
};

/// An engine that only records, on a restored store.
class RestoredEngine final : public Engine {
public:
    explicit RestoredEngine(Options options) : Engine{std::move(options)} {}

    /// Halts all instances that have not ended. Blocks. Throws Error; what was done until then is done, and calling it again goes on.
    Rewound rewind(const std::string& why, const std::function<void(std::uint64_t done, std::uint64_t of)>& progress = {});

private:
    [[nodiscard]] std::vector<InstanceKey> open_instances() const;
};

}  // namespace kontor::runtime

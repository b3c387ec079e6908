#pragma once
/// A release before this one, which knew some events in other shapes. Half of the days begin on it: what it wrote stays in the journal, and this
/// release goes on with it. All change at one moment: nodes write what the oldest of them can read.
#include "core/event.hpp"
#include "store/memory/memory_store.hpp"

#include <optional>

namespace kontor::simulation {

/// The row as that release would have written it. This program reads it, since old_versions() is linked from here.
std::string written_before(const core::Record&);

/// What the machines write, by their release.
class Release {
public:
    /// Until then they write as that release did.
    void begin_before(Instant upgrade) { upgrade_ = upgrade; }
    [[nodiscard]] bool is_todays_alone() const noexcept { return !upgrade_; }
    [[nodiscard]] std::uint64_t rows_before() const noexcept { return rows_before_; }

    /// The engine writes today's bytes, chained to what it has written itself. This is the batch in the bytes of its release, chained to what is
    /// stored. Throws test::Violation if a row would be read as something else than it says.
    ports::Batch rewritten(ports::Batch, store::MemoryStore&, Instant now);

private:
    std::optional<Instant> upgrade_;
    std::uint64_t rows_before_ = 0;
};

}  // namespace kontor::simulation

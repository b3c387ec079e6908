#pragma once
/// The journal's partitions: one for each month in which instances started. Private to postgresql/.
#include "ports/rows.hpp"
#include "store/postgresql/connection.hpp"

#include <mutex>
#include <set>
#include <vector>

namespace kontor::store::postgresql {

/// `"journal_2026_03"`, quoted.
std::string partition_of(std::int32_t period);

/// Any thread. Throws Failure.
class Partitions {
public:
    /// Makes those that the rows need and that are not there.
    void ensure(Connection&, const std::vector<ports::JournalRow>&);
    void drop(Connection&, std::int32_t period);
    /// What is known may be wrong: another process has dropped one. Returns whether anything was known.
    bool forget();

private:
    [[nodiscard]] bool knows(std::int32_t period) const;

    mutable std::mutex mutex_;
    std::set<std::int32_t> known_;
};

}  // namespace kontor::store::postgresql

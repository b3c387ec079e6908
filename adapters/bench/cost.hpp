#pragma once
/// What a measurement cost: processor time of this process and of its database, commits, and what the database wrote.
#include <kontor/options.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace kontor::bench {

/// What a database has used since it was started.
struct DatabaseUse {
    std::optional<double> cpu_seconds{};       ///< nothing if its processes cannot be seen, or are this one
    std::uint64_t bytes = 0;                   ///< that it has written
};
using DatabaseMeter = std::function<DatabaseUse()>;

/// For each instance, but for the commits.
struct Cost {
    double cpu_ms = 0;                         ///< of the whole process, user and system
    std::optional<double> database_cpu_ms{};
    std::optional<double> database_bytes{};
    std::uint64_t commits = 0;
    double instances_per_commit = 0;

    /// What the database used in between.
    void take(const DatabaseUse& before, const DatabaseUse& after, double instances);
};

/// Takes the difference between two moments.
class CostMeter {
public:
    /// An empty meter: nothing is known of the database.
    explicit CostMeter(DatabaseMeter);
    /// For the engine: counts its commits.
    [[nodiscard]] std::shared_ptr<Metrics> metrics() const;
    void begin();
    /// Since begin(), shared by that many instances.
    [[nodiscard]] Cost of(std::uint64_t instances) const;

private:
    class Commits;
    DatabaseMeter database_;
    std::shared_ptr<Commits> commits_;
    std::uint64_t commits_before_ = 0;
    double cpu_before_ = 0;
    DatabaseUse database_before_{};
};

/// Of SQLite, which is part of this process: what it has given to write() so far, which nearly all is the database's.
DatabaseUse use_of_this_process();

}  // namespace kontor::bench

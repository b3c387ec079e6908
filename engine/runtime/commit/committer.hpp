#pragma once
/// Group commit: while one transaction is written, the next collects.
#include "ports/store.hpp"
#include "runtime/machine/meter.hpp"
#include "runtime/machine/workshop.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kontor::runtime {

/// What a bucket wants durable, in the order in which it was decided.
struct Unit {
    ports::Batch rows;                ///< with exactly one Advance, the bucket's, or none: a letter to other buckets
    std::uint64_t generation = 0;     ///< units of a generation that has failed are dropped: their bucket decides them again
};

/// A bucket, as the committer sees it. Called by the committer; must hand over to its own thread at once.
class CommitClient {
public:
    virtual ~CommitClient() = default;
    /// Its oldest `units` are durable.
    virtual void committed(std::size_t units) = 0;
    /// Its oldest unit was not written, nor was any later one of that generation: the store is well, and refused it.
    virtual void refused(std::string why) = 0;
    /// Nor will anything of that generation be written any more: another owner has the bucket, or the engine stops while the store is away.
    /// `may_be_written`: nobody can say whether the oldest units were.
    virtual void lost(bool may_be_written, std::string why) = 0;
};

/// Owns the store's commits. Any thread may submit; nothing blocks but the workshop's commit thread.
class Committer {
public:
    /// `tell` hears when the store begins to refuse all commits (why), and when it takes them again (an empty text).
    Committer(ports::Store& store, Workshop& workshop, Meter meter, std::function<void(std::string_view)> tell = {});

    /// The client must outlive what it submits.
    void submit(CommitClient&, Unit);
    /// Why the store takes no commit at present, or since when it has not answered one; empty if all is well. Any thread.
    [[nodiscard]] std::string trouble() const;

private:
    struct Entry {
        CommitClient* client;
        Unit unit;
    };
    using Entries = std::vector<Entry>;

    void write_what_waits();
    void write(Entries);
    void write_one_by_one(const Entries&);
    void give_up(const Entry&, bool may_be_written, std::string why);
    ports::CommitResult commit(const Entries&, std::size_t from, std::size_t to);
    ports::CommitResult commit_and_look_up(const ports::Batch&);
    void note_answer();
    [[nodiscard]] bool is_current(const Entry&) const;

    ports::Store& store_;
    Workshop& workshop_;
    Meter meter_;
    std::function<void(std::string_view)> tell_;
    void note_trouble(std::string why);

    mutable std::mutex mutex_;
    std::string trouble_;
    std::chrono::steady_clock::time_point silent_since_{};   ///< while it is written: the store has not answered since then
    Entries waiting_;
    bool writing_ = false;
    // On the commit thread only:
    std::unordered_map<const CommitClient*, std::uint64_t> failed_;   ///< the last generation that a client has lost
    std::uint64_t batches_ = 0;
    bool in_trouble_ = false;
};

}  // namespace kontor::runtime

#pragma once
/// What goes wrong by itself, and how often: each seed has a weather of its own, in which some things fail often and others never.
#include "ports/store.hpp"
#include "processes/random.hpp"

#include <map>
#include <optional>
#include <string>

namespace kontor::simulation {

/// What becomes of a commit, besides what the store makes of it.
enum class CommitFault { none, unavailable, unknown_absent, unknown_written, refused };

class Weather {
public:
    explicit Weather(std::uint64_t seed);

    /// From here on nothing goes wrong any more.
    void clear_up() { stormy_ = false; }
    [[nodiscard]] bool stormy() const noexcept { return stormy_; }

    bool read_fails() { return happens(read_failures_); }
    CommitFault commit(const ports::Batch&);
    /// Whether the looking up of a commit fails, too.
    bool look_up_fails() { return stormy_ && random_.chance(20); }
    bool signal_is_lost() { return happens(lost_signals_); }
    /// A call of the store takes so many steps of everybody else.
    unsigned slowness() { return happens(slow_calls_) ? static_cast<unsigned>(random_.between(1, 30)) : 0; }
    /// In the middle of a call of the store.
    bool node_crashes() { return happens(crashes_); }
    std::optional<Duration> node_freezes();

    test::Random& random() noexcept { return random_; }

private:
    /// `rate` of 10,000.
    bool happens(unsigned rate) { return stormy_ && random_.below(10'000) < rate; }
    bool is_refused(const ports::Batch&);

    test::Random random_;
    bool stormy_ = true;
    unsigned read_failures_ = 0;
    unsigned slow_calls_ = 0;
    unsigned lost_signals_ = 0;
    unsigned crashes_ = 0;
    unsigned freezes_ = 0;
    unsigned commit_failures_ = 0;
    unsigned refusals_ = 0;
    std::map<std::string, unsigned> guilty_;   ///< what the store refuses, and how often still
};

}  // namespace kontor::simulation

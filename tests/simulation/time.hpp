#pragma once
/// Virtual time, and whose turn it is: one thing happens after the other on one thread, in an order that follows from the seed.
#include "processes/random.hpp"

#include <kontor/temporal.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <vector>

namespace kontor::simulation {

/// Somebody who does things, one at a time: a node.
class Party {
public:
    virtual ~Party() = default;
    /// Does one thing that can be done now; false if there is none.
    virtual bool step(test::Random&) = 0;
    /// When it has something to do, if nobody else does anything.
    [[nodiscard]] virtual Instant next() const = 0;
};

class Time {
public:
    explicit Time(std::uint64_t seed) : random_{seed} {}

    [[nodiscard]] Instant now() const noexcept { return now_; }
    void at(Instant when, std::function<void()> what) { agenda_.push({std::max(when, now_), ++planned_, std::move(what)}); }
    void after(Duration delay, std::function<void()> what) { at(now_ + delay, std::move(what)); }
    /// The party must outlive this.
    void join(Party& party) { parties_.push_back(&party); }

    /// Everything that happens until then; the clock stands there afterwards.
    void live_until(Instant until) {
        while (step(until)) {}
    }
    /// The clock moves on and nothing happens: everybody was asleep.
    void jump(Duration by) { now_ += by; }

    // ---- for whoever is in the middle of something that takes its time: the others go on, and he goes on when this returns ----------
    void wait_until(Instant, const std::function<bool()>& or_until = [] { return false; });
    /// For some steps. At most a few wait like this at the same time, and the last one goes on first.
    void linger(unsigned steps);

    // ---- promises that are broken ----------------------------------------------------------------------------------------------------
    /// Something happened that must not. Not thrown: the engine may stand between here and whoever wants to know.
    void accuse(std::string what);
    [[nodiscard]] const std::optional<std::string>& accusation() const noexcept { return accusation_; }

    /// What happens beside the journal, for whoever reads the story; nothing unless somebody listens.
    void note(const std::function<std::string()>& what) const {
        if (on_note) on_note(now_, what());
    }
    std::function<void(Instant, const std::string&)> on_note;

private:
    bool step(Instant until);
    bool do_what_is_planned();

    struct Planned {
        Instant when;
        std::uint64_t number;   // things of one instant happen in the order in which they were planned
        std::function<void()> what;
        bool operator<(const Planned& other) const { return when != other.when ? when > other.when : number > other.number; }
    };
    test::Random random_;
    Instant now_{std::chrono::sys_days{std::chrono::March / 2 / 2026}};
    std::uint64_t planned_ = 0;
    std::uint64_t steps_ = 0;
    unsigned waiting_ = 0;
    std::priority_queue<Planned> agenda_;
    std::vector<Party*> parties_;
    std::optional<std::string> accusation_;
};

}  // namespace kontor::simulation

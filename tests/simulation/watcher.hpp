#pragma once
/// Somebody who follows all events. He gives his subscription up, also in the middle of a row and from its own callback, and takes another
/// one, at another engine, from the last cursor that he has seen or from an earlier one.
#include "simulation/node.hpp"

#include <string>
#include <vector>

namespace kontor::simulation {

class Watcher {
public:
    using Told = std::vector<std::pair<InstanceKey, std::string>>;   ///< instance and event, in order

    Watcher(Time& time, std::uint32_t buckets, std::uint64_t seed) : time_{time}, random_{seed}, seen_(buckets) {}

    /// Changes to this engine.
    void look_at(const std::shared_ptr<Life>&);
    /// From here on he listens without a break.
    void stay() { stays_ = true; }
    [[nodiscard]] bool is_listening() const { return at_ && !at_->is_gone(); }
    /// What he has seen of a bucket.
    [[nodiscard]] const Told& seen(std::uint32_t bucket) const { return seen_[bucket]; }

private:
    /// How far he was at some time.
    struct Mark {
        std::optional<Cursor> cursor;
        std::vector<std::size_t> seen;     ///< by bucket
    };
    void hear(const Event&);
    void keep_mark();
    void go_back();

    Time& time_;
    test::Random random_;
    std::vector<Told> seen_;
    std::optional<Cursor> cursor_;
    std::optional<Mark> kept_;
    std::shared_ptr<Life> at_;
    Subscription subscription_;
    bool stays_ = false;
    std::uint64_t turn_ = 0;               ///< the number of the subscription
};

}  // namespace kontor::simulation

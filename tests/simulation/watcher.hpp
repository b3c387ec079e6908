#pragma once
/// Somebody who follows all events. He gives his subscription up and takes another one, at another engine, from the last cursor that he
/// has kept or from an earlier one.
#include "simulation/node.hpp"

#include <string>
#include <vector>

namespace kontor::simulation {

class Watcher {
public:
    Watcher(Time& time, std::uint32_t buckets, std::uint64_t seed) : time_{time}, random_{seed}, buckets_{buckets} {}

    /// Changes to this engine, or looks whether his own is still there.
    void look_at(const std::shared_ptr<Life>&);
    [[nodiscard]] bool is_listening() const { return at_ && !at_->is_gone(); }
    /// What he has seen of a bucket: instance and event, in order.
    [[nodiscard]] const std::vector<std::pair<InstanceKey, std::string>>& seen(std::uint32_t bucket) const { return seen_.events[bucket]; }
    [[nodiscard]] std::uint64_t changes() const noexcept { return changes_; }

private:
    struct Seen {
        std::optional<Cursor> cursor;
        std::vector<std::vector<std::pair<InstanceKey, std::string>>> events;
    };

    Time& time_;
    test::Random random_;
    std::uint32_t buckets_;
    Seen seen_{{}, std::vector<std::vector<std::pair<InstanceKey, std::string>>>(buckets_)};
    std::optional<Seen> kept_;             ///< as it was at some time
    std::shared_ptr<Life> at_;
    Subscription subscription_;
    std::uint64_t changes_ = 0;
    std::uint64_t turn_ = 0;               ///< the number of the subscription
};

}  // namespace kontor::simulation

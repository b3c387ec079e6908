#pragma once
/// Which buckets are this node's: it renews its lease, takes what is free up to its share, and gives up what is too much.
#include "runtime/bucket/bucket.hpp"
#include "runtime/nodes/shares.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace kontor::runtime {

class Tenancy {
public:
    /// `on_company` is called with each look at a store that other nodes use too, for what their signals may have missed.
    Tenancy(Shell&, const std::vector<std::unique_ptr<Bucket>>&, ports::Node, Duration lease, std::function<void()> on_company);

    /// Takes the node's share and reads what was under way in it. Blocks. Throws Error{unavailable}.
    void begin();
    /// Lets what was under way go on. From now on it looks again whenever a part of the lease is over.
    void go_on();
    /// Looks at once: nodes have come or gone. Any thread.
    void look();
    /// Why the lease could not be renewed when that was tried last; empty if it could. Any thread.
    [[nodiscard]] std::string trouble() const;
    /// No bucket comes or goes any more, but the lease is renewed.
    void retire();
    /// Nor that.
    void stop();
    /// The node is gone. Blocks; when nothing is written any more.
    void leave();

private:
    [[nodiscard]] ports::Census renew();
    [[nodiscard]] Shares shares_in(const ports::Census&) const;
    /// False if somebody else was faster with one of them.
    bool take(const ports::Census&, const std::vector<std::uint32_t>& buckets);
    void find_deliveries(std::vector<Bucket::Beginning>& taken) const;
    void learn(const ports::Census&) const;
    void recover_new();
    void give_up_all(const ports::Census&);
    void tend();
    void note_trouble(const std::string& why);
    void plan_next();

    Shell& shell_;
    const std::vector<std::unique_ptr<Bucket>>& buckets_;
    ports::Node node_;
    const Duration lease_;
    const std::function<void()> on_company_;
    std::mutex tending_;                 ///< one look at a time
    std::vector<Bucket*> new_;           ///< begun, to be recovered
    bool retired_ = false;
    mutable std::mutex mutex_;
    std::string trouble_;                ///< why the last look failed
    std::shared_ptr<void> alarm_;
    Duration pause_{};                   ///< until the next look
    bool looking_ = false;
    bool look_again_ = false;
    bool stopped_ = false;
};

}  // namespace kontor::runtime

#include "runtime/tenancy.hpp"

#include "runtime/post_office.hpp"
#include "runtime/signals.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace kontor::runtime {
namespace {

/// While buckets are missing it looks often: whoever has just died is known to be dead in a moment.
constexpr Duration first_pause = std::chrono::milliseconds{20};

}  // namespace

Tenancy::Tenancy(Shell& shell, const std::vector<std::unique_ptr<Bucket>>& buckets, ports::Node node, Duration lease, std::function<void()> on_company)
    : shell_{shell}, buckets_{buckets}, node_{std::move(node)}, lease_{lease}, on_company_{std::move(on_company)} {}

void Tenancy::begin() {
    const std::scoped_lock lock{tending_};
    for (bool all = false; !all;) {
        const auto census = renew();
        const auto shares = shares_in(census);
        pause_ = shares.missing > 0 ? first_pause : lease_ / 3;
        all = take(census, shares.to_take);
    }
    shell_.signals.tell({Signal::About::nodes});
}

Shares Tenancy::shares_in(const ports::Census& census) const {
    return shares_of(census, node_.id, [this](std::uint32_t bucket, std::uint64_t epoch) { return buckets_[bucket]->held_epoch() >= epoch; });
}

void Tenancy::go_on() {
    {
        const std::scoped_lock lock{tending_};
        recover_new();
    }
    plan_next();
}

ports::Census Tenancy::renew() {
    const Instant until = shell_.now() + lease_;
    auto census = shell_.store.renew(node_, lease_);
    shell_.lease_until = until;
    shell_.signals.set_company(census.nodes.size() > 1);
    return census;
}

/// All of them begin before any of them goes on.
bool Tenancy::take(const ports::Census& census, const std::vector<std::uint32_t>& buckets) {
    if (buckets.empty()) return true;
    shell_.definitions.load(shell_.store.deployments());   // what was begun elsewhere may run what was deployed elsewhere
    std::vector<Bucket::Beginning> found;
    for (const std::uint32_t bucket : buckets)
        if (const auto lease = shell_.store.take_free(bucket, node_.id, census.buckets[bucket].epoch))
            found.push_back(shell_.records_only ? Bucket::Beginning{*lease, {}} : buckets_[bucket]->find(*lease));
    for (auto& beginning : found) {
        Bucket& bucket = *buckets_[beginning.lease.bucket];
        bucket.begin(std::move(beginning));
        new_.push_back(&bucket);
    }
    if (census.nodes.size() > 1)
        shell_.log(LogLevel::info, "this node has taken " + std::to_string(found.size()) + " of " + std::to_string(buckets_.size()) + " buckets", {});
    return found.size() == buckets.size();
}

void Tenancy::recover_new() {
    for (Bucket* bucket : std::exchange(new_, {})) shell_.records_only ? bucket->look_after() : bucket->recover();
}

void Tenancy::look() {
    {
        const std::scoped_lock lock{mutex_};
        look_again_ = true;
        if (stopped_ || std::exchange(looking_, true)) return;
    }
    boost::asio::post(shell_.workshop.reads(), [this] {
        for (;;) {
            {
                const std::scoped_lock lock{mutex_};
                if (stopped_ || !std::exchange(look_again_, false)) {
                    looking_ = false;
                    break;
                }
            }
            tend();
        }
        plan_next();
    });
}

void Tenancy::plan_next() {
    const std::scoped_lock lock{mutex_};
    if (stopped_) return;
    alarm_ = shell_.workshop.clock().alarm(shell_.now() + pause_, [this] { look(); });
}

void Tenancy::tend() {
    const std::scoped_lock lock{tending_};
    try {
        const auto census = renew();
        const auto shares = shares_in(census);
        const Duration longest = lease_ / 3;
        pause_ = shares.missing == 0 ? longest : pause_ == longest ? first_pause : std::min(pause_ * 2, longest);
        if (!take(census, shares.to_take)) look();
        recover_new();
        for (const std::uint32_t bucket : shares.to_give_up) buckets_[bucket]->hand_over(lease_);
        for (const auto& bucket : buckets_)
            if (bucket->held_epoch() != 0 && census.buckets[bucket->number()].node != node_.id) bucket->probe();
        census.nodes.size() > 1 ? on_company_() : shell_.post.look_after();
    } catch (const Error& error) {   // what was taken and not begun is taken again next time
        shell_.log(LogLevel::debug, std::string{"the lease cannot be renewed: "} + error.what(), {});
    }
}

void Tenancy::stop() {
    {
        const std::scoped_lock lock{mutex_};
        stopped_ = true;
        alarm_.reset();
    }
    const std::scoped_lock after_the_last_look{tending_};
}

void Tenancy::leave() {
    try {
        shell_.store.leave(node_.id);
    } catch (const std::exception&) {   // the store is away: the lease runs out by itself
    }
    shell_.signals.tell({Signal::About::nodes});
}

}  // namespace kontor::runtime

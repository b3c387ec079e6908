#include "runtime/nodes/tenancy.hpp"

#include "runtime/mail/post_office.hpp"
#include "runtime/mail/signals.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace kontor::runtime {
namespace {

/// While buckets are missing it looks often: whoever has just died is known to be dead in a moment.
constexpr Duration first_pause = std::chrono::milliseconds{20};
/// While the store is away: whoever has a lease does not want to lose it when the store is back.
constexpr Duration longest_pause = std::chrono::seconds{1};
constexpr std::size_t inbox_rows_at_once = 1'000;

/// Of a row that brings a message to an instance: the message's name and key.
std::optional<std::pair<std::string, std::string>> addressee_of(std::string_view command) {
    try {
        const auto decoded = decode_inbox(command);
        const auto* delivery = std::get_if<DeliverMessage>(&decoded);
        if (!delivery) return std::nullopt;
        return std::pair{delivery->message.name, delivery->message.correlation_key};
    } catch (const Error&) {   // whoever takes it up says so
        return std::nullopt;
    }
}

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
    return shares_of(census, node_.id, [this](std::uint32_t bucket) { return buckets_[bucket]->held_epoch(); });
}

void Tenancy::go_on() {
    {
        const std::scoped_lock lock{tending_};
        recover_new();
    }
    plan_next();
}

ports::Census Tenancy::renew() {
    const Instant now = shell_.now();
    auto census = shell_.store.renew(node_, lease_);
    shell_.lease_from = now;
    shell_.lease_until = now + lease_;
    shell_.signals.set_company(census.nodes.size() > 1);
    return census;
}

/// All of them begin before any of them goes on. What cannot be read now stays the node's and is tried again.
bool Tenancy::take(const ports::Census& census, const std::vector<std::uint32_t>& buckets) {
    if (buckets.empty()) return true;
    learn(census);   // what was begun elsewhere may run what was deployed elsewhere
    std::vector<Bucket::Beginning> found;
    bool all = true;
    for (const std::uint32_t bucket : buckets) try {
        if (shell_.lease_is_half_over()) static_cast<void>(renew());
        const auto lease = shell_.store.take_free(bucket, node_.id, census.buckets[bucket].epoch);
        if (!lease) all = false;
        else found.push_back(shell_.records_only ? Bucket::Beginning{*lease, {}, {}} : buckets_[bucket]->find(*lease));
    } catch (const std::exception& error) {
        shell_.log(LogLevel::warning, "bucket " + std::to_string(bucket) + " cannot be taken yet: " + error.what(), {});
    }
    find_deliveries(found);
    for (auto& beginning : found) {
        Bucket& bucket = *buckets_[beginning.lease.bucket];
        bucket.begin(std::move(beginning));
        new_.push_back(&bucket);
    }
    if (census.nodes.size() > 1)
        shell_.log(LogLevel::info, "this node has taken " + std::to_string(found.size()) + " of " + std::to_string(buckets_.size()) + " buckets", {});
    return all;
}

/// Messages that the owners before had sent to instances: until they have arrived, later ones for the same name and key must wait.
void Tenancy::find_deliveries(std::vector<Bucket::Beginning>& taken) const {
    if (taken.empty() || shell_.records_only) return;
    for (std::uint32_t bucket = 0; bucket < buckets_.size(); ++bucket) {
        std::vector<ports::InboxRow> rows;
        for (std::uint64_t after = 0; after == 0 || rows.size() == inbox_rows_at_once; after = rows.back().arrival) {
            rows = shell_.store.inbox(bucket, after, inbox_rows_at_once);
            for (const auto& row : rows)
                if (auto to = addressee_of(row.command))
                    for (auto& beginning : taken)
                        if (message_bucket(to->first, to->second, shell_.info.buckets) == beginning.lease.bucket)
                            beginning.deliveries.push_back({*to, {bucket, row.id}});
            if (rows.empty()) break;
        }
    }
}

/// A signal may have been missed.
void Tenancy::learn(const ports::Census& census) const {
    if (census.deployments == shell_.definitions.count()) return;
    try {
        shell_.definitions.load(shell_.store.deployments());
    } catch (const Error& error) {
        shell_.log(LogLevel::error, std::string{"what another node has deployed cannot be read: "} + error.what(), {});
    }
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
    boost::asio::post(shell_.workshop.care(), [this] {
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
        note_trouble({});
        if (retired_) return give_up_all(census);
        learn(census);
        const auto shares = shares_in(census);
        const Duration longest = lease_ / 3;
        pause_ = shares.missing == 0 ? longest : pause_ == longest ? first_pause : std::min(pause_ * 2, longest);
        if (!take(census, shares.to_take)) look();
        recover_new();
        for (const std::uint32_t bucket : shares.to_give_up) buckets_[bucket]->hand_over(lease_);
        for (const std::uint32_t bucket : shares.to_probe) buckets_[bucket]->probe();
        if (census.nodes.size() > 1) return on_company_();
        shell_.post.look_after();
        if (shell_.records_only)
            for (const auto& bucket : buckets_) bucket->look_after();   // which nobody else does
    } catch (const std::exception& error) {
        note_trouble(error.what());
        pause_ = std::min(lease_ / 3, longest_pause);
    }
}

void Tenancy::note_trouble(const std::string& why) {
    {
        const std::scoped_lock lock{mutex_};
        const bool is_news = trouble_.empty() && !why.empty();
        trouble_ = why;
        if (!is_news) return;
    }
    shell_.log(LogLevel::warning, "the lease cannot be renewed: " + why, {});
}

std::string Tenancy::trouble() const {
    const std::scoped_lock lock{mutex_};
    return trouble_;
}

void Tenancy::retire() {
    {
        const std::scoped_lock after_the_last_look{tending_};
        retired_ = true;
        node_.is_guest = true;   // others count on it no more
    }
    look();
}

/// Where there is another engine. Else the node keeps them until it leaves.
void Tenancy::give_up_all(const ports::Census& census) {
    if (std::ranges::all_of(census.nodes, &ports::Node::is_guest)) return;
    for (const std::uint32_t bucket : shares_in(census).to_give_up) buckets_[bucket]->hand_over(lease_);
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

#include "runtime/engine_impl.hpp"

#include "runtime/bucket/requests.hpp"
#include "runtime/calls/service_answers.hpp"

#include <unistd.h>

#include <algorithm>
#include <future>
#include <random>

namespace kontor {
namespace {

using namespace runtime;

constexpr Duration between_housekeeping = std::chrono::seconds{30};
constexpr std::size_t forgotten_at_once = 1'000;
constexpr int deployments_at_the_same_time = 5;

std::unique_ptr<ports::Store> open(const Store& store) {
    if (!store.open) throw Error{Code::bad_input, "an engine needs a store: kontor::sqlite(\"loans.db\") or kontor::memory()"};
    return store.open();
}

/// No two engines have the same, not even one after the other.
std::string node_id(const std::string& name) {
    std::random_device device;
    std::string id = (name.empty() ? "pid-" + std::to_string(::getpid()) : name) + "-";
    for (int n = 0; n < 12; ++n) id += "0123456789abcdef"[device() & 15U];
    return id;
}

Options sound(Options options) {
    for (const char c : options.node)
        if (c <= ' ' || c > '~') throw Error{Code::bad_input, "the name of a node is made of letters, digits and signs of ASCII, without blanks"};
    if (options.lease < std::chrono::milliseconds{100} || options.lease > std::chrono::hours{1})
        throw Error{Code::bad_input, "a lease is between 100 milliseconds and an hour; 10 seconds unless there is a reason"};
    return options;
}

}  // namespace

Engine::Impl::Impl(Options options, std::unique_ptr<Workshop> workshop) : Impl{std::move(options), std::move(workshop), Given{}} {}

Engine::Impl::Impl(Options options, std::unique_ptr<Workshop> workshop, Given given)
    : options_{sound(std::move(options))},
      node_{given.node.empty() ? node_id(options_.node) : std::move(given.node)},
      workshop_{std::move(workshop)},
      store_{open(options_.store)},
      meter_{options_.metrics},
      signals_{*store_, *workshop_, node_},
      committer_{*store_, *workshop_, meter_,
                 [this](std::string_view trouble) {
                     if (trouble.empty()) log(LogLevel::info, "the store takes commits again", {});
                     else log(LogLevel::error, "everything waits, since the store takes no commits: " + std::string{trouble}, {});
                 }},
      post_{*store_, *workshop_, committer_, signals_, node_, options_.queue,
            [this](std::uint32_t bucket) { buckets_[bucket]->look_into_inbox(); }},
      dispatcher_{options_.services, *workshop_, meter_},
      shell_{*store_,
             *workshop_,
             committer_,
             dispatcher_,
             definitions_,
             post_,
             signals_,
             meter_,
             store_->info(),
             node_,
             options_.queue,
             options_.records_only,
             [this](LogLevel level, std::string_view text, InstanceKey key) { log(level, text, key); },
             [this](std::uint32_t number) -> Bucket& { return *buckets_[number]; },
             [this](std::uint32_t bucket) {
                 feeds_.poke();
                 signals_.tell_soon({Signal::About::journal, bucket, {}});
             }},
      tenancy_{shell_, buckets_, {node_, options_.records_only}, options_.lease, [this] { hear({}); }},
      retention_{*store_, options_.retention, [this](const std::string& what) { log(LogLevel::info, what, {}); }} {
    definitions_.add({std::move(given.versions), {}, {}});
    definitions_.load(store_->deployments());
    for (std::uint32_t i = 0; i < shell_.info.buckets; ++i) buckets_.push_back(std::make_unique<Bucket>(shell_, i));
}

Engine::Impl::~Impl() {
    stop(Duration{0});
    for (auto& stopper : stoppers_) stopper.join();
}

void Engine::Impl::log(LogLevel level, std::string_view text, InstanceKey instance) const {
    if (options_.log) options_.log({shell_.now(), level, text, instance});
}

std::string Engine::Impl::secret(std::string_view name) {
    if (!options_.secret) throw Error{Code::not_found, "secret " + std::string{name} + " is wanted, and Options::secret is not set"};
    return options_.secret(name);
}

std::optional<Error> Engine::Impl::not_running() const {
    if (stopping_) return Error{Code::shutting_down, "the engine stops"};
    if (!running_) return Error{Code::shutting_down, "the engine does not run yet: call run() first"};
    return std::nullopt;
}

std::vector<Deployed> Engine::Impl::deploy(const std::vector<Source>& sources) {
    const std::scoped_lock lock{deploying_};
    for (int attempt = 1;; ++attempt) {
        Deployment deployment =
            definitions_.prepare(sources, [this](std::string_view service) { return options_.records_only || dispatcher_.knows(service); });
        for (auto& row : deployment.rows) row.deployed = shell_.now();
        try {
            if (!deployment.rows.empty()) store_->deploy(deployment.rows);
        } catch (const Error& error) {
            // Another node was faster with the next version: what it deployed comes before.
            if (error.code() != Code::conflict || attempt == deployments_at_the_same_time) throw;
            definitions_.load(store_->deployments());
            continue;
        }
        definitions_.add(deployment);
        signals_.tell({Signal::About::definitions});
        return std::move(deployment.report);
    }
}

void Engine::Impl::run() {
    const std::scoped_lock lock{beginning_};
    if (running_) return;
    for (const auto& warning : shell_.info.warnings) log(LogLevel::warning, warning, {});
    ear_ = store_->listen([this](std::string_view text) { hear(text); });
    tenancy_.begin();
    if (!options_.records_only) dispatcher_.start(*this);
    running_ = true;   // not before all buckets are taken: what has no lease would be sent away
    tenancy_.go_on();
    recovered_ = true;
    if (!options_.records_only) keep_house();
}

void Engine::Impl::hear(std::string_view text) {
    if (!running_ || stopping_) return;
    if (text.empty()) {   // whatever it was
        for (const auto& bucket : buckets_) {
            bucket->look_after();
            bucket->look_after_messages();
            bucket->look_for_ends();
        }
        post_.look_after();
        return feeds_.poke();   // definitions are counted with each look at the census
    }
    for (const auto& signal : signals_.read(text)) {
        if (signal.bucket >= buckets_.size()) continue;
        Bucket& bucket = *buckets_[signal.bucket];
        switch (signal.about) {
            case Signal::About::inbox: bucket.look_into_inbox(); break;
            case Signal::About::messages: bucket.look_after_messages(); break;
            case Signal::About::journal:
                feeds_.poke();
                bucket.look_for_ends();
                break;
            case Signal::About::replies:
                if (signal.node == node_) post_.look();
                break;
            case Signal::About::nodes: tenancy_.look(); break;
            case Signal::About::definitions: boost::asio::post(workshop_->reads(), [this] { learn_definitions(); }); break;
        }
    }
}

void Engine::Impl::learn_definitions() {
    try {
        definitions_.load(store_->deployments());
    } catch (const std::exception& error) {
        log(LogLevel::warning, std::string{"what another node has deployed cannot be read: "} + error.what(), {});
    }
}

/// Forgets what has been remembered long enough, and looks for what others have put into the inbox.
void Engine::Impl::keep_house() {
    boost::asio::post(workshop_->commits(), [this] {
        const Instant now = shell_.now();
        try {
            while (store_->forget(now, now - options_.request_memory, forgotten_at_once) >= forgotten_at_once) {}
        } catch (const std::exception& error) {
            log(LogLevel::warning, std::string{"housekeeping has to wait: "} + error.what(), {});
        }
    });
    drop_old_journals();
    for (const auto& bucket : buckets_) {
        bucket->look_after();
        bucket->look_after_messages();
    }
    const std::scoped_lock lock{housekeeping_mutex_};
    if (stopping_) return;
    housekeeping_ = workshop_->clock().alarm(shell_.now() + between_housekeeping, [this] {
        if (!stopping_) keep_house();
    });
}

/// Beside commits, which go on between its portions.
void Engine::Impl::drop_old_journals() {
    if (options_.retention <= Duration{0} || retaining_.exchange(true)) return;
    boost::asio::post(workshop_->reads(), [this] {
        try {
            retention_.look(shell_.now());
        } catch (const std::exception& error) {
            log(LogLevel::warning, std::string{"old journals cannot be dropped: "} + error.what(), {});
        }
        retaining_ = false;
    });
}

void Engine::Impl::wake() {
    const std::shared_lock gate{intake_};
    if (not_running()) return;
    for (const auto& bucket : buckets_) bucket->look_into_inbox();
}

// ---- commands ---------------------------------------------------------------------------------------------------------------

void Engine::Impl::start(StartRequest request, Then<Started> done) {
    const std::shared_lock gate{intake_};
    if (const auto error = not_running()) return done(*error);
    const auto owner = bucket_of_start(request, shell_.info.buckets);
    auto order = start_order(definitions_, std::move(request));
    if (!order) return done(order.error());
    order->from_outside = true;
    order->done = [done = std::move(done)](const OrderResult& result) {
        if (const auto* accepted = std::get_if<Accepted>(&result)) done(Started{accepted->instance, accepted->duplicate});
        else if (const auto* rejection = std::get_if<core::Rejection>(&result)) done(error_of(*rejection));
        else done(std::get<Error>(result));
    };
    buckets_[owner ? *owner : next_bucket()]->submit(std::move(*order));
}

/// In turn, of those that are here.
std::uint32_t Engine::Impl::next_bucket() {
    for (std::size_t n = 0; n < buckets_.size(); ++n)
        if (const std::uint32_t bucket = turn_++ % shell_.info.buckets; buckets_[bucket]->held_epoch() != 0) return bucket;
    return turn_++ % shell_.info.buckets;
}

void Engine::Impl::command(InstanceKey key, core::Command command, std::optional<ports::RequestRow> request, Then<void> done) {
    const std::shared_lock gate{intake_};
    if (const auto error = not_running()) return done(*error);
    const std::uint32_t owner = core::created_at(key).bucket;
    if (!key || owner >= buckets_.size()) return done(Error{Code::not_found, "there is no instance " + key.str()});
    Order order{.instance = key, .command = std::move(command)};
    order.from_outside = true;
    order.request = std::move(request);
    order.done = [done = std::move(done)](const OrderResult& result) {
        if (std::holds_alternative<Accepted>(result)) done({});
        else if (const auto* rejection = std::get_if<core::Rejection>(&result)) done(error_of(*rejection));
        else done(std::get<Error>(result));
    };
    buckets_[owner]->submit(std::move(order));
}

void Engine::Impl::command_within(std::uint64_t key, std::string_view what, core::Command order, std::optional<ports::RequestRow> request, Then<void> done) {
    const std::shared_lock gate{intake_};
    if (const auto error = not_running()) return done(*error);
    boost::asio::post(workshop_->reads(), [this, key, what, order = std::move(order), request = std::move(request), done = std::move(done)]() mutable {
        InstanceKey instance;
        try {
            instance = reader().instance_of(key, what);
        } catch (const Error& error) {
            return done(error);
        }
        command(instance, std::move(order), std::move(request), std::move(done));
    });
}

void Engine::Impl::publish(Message message, Then<Published> done) {
    const std::shared_lock gate{intake_};
    if (const auto error = not_running()) return done(*error);
    try {
        require_deliverable(message);
    } catch (const Error& error) {
        return done(error);
    }
    const auto owner = message_bucket(message.name, message.correlation_key, shell_.info.buckets);
    buckets_[owner]->publish(std::move(message), std::move(done));
}

Reply Engine::Impl::reply_to(std::string_view idempotency_key, int attempt) {
    return ports::make_reply([this, key = std::string{idempotency_key}, attempt](ports::CallOutcome outcome) {
        const auto tell = outcome.after_commit ? std::move(outcome.after_commit) : [](const Result<void>&) {};
        if (std::holds_alternative<Reply::Target::Unknown>(outcome)) return tell({});
        // An adapter may hear of an answer before the call that it belongs to has been recovered.
        if (!recovered_) return tell(Error{Code::busy, "the engine recovers"});
        const std::string prefix = shell_.info.id + "-";
        try {
            if (!key.starts_with(prefix)) throw Error{Code::not_found, "the call was made by an engine with another store"};
            const JobKey job = JobKey::parse(std::string_view{key}.substr(prefix.size()));
            auto command = answer_of_call(std::move(outcome), core::element_of(job), static_cast<std::uint32_t>(attempt));
            command_within(job.value, "job", std::move(command), {}, tell);
        } catch (const Error& error) {
            tell(error);
        }
    });
}

std::uint64_t Engine::Impl::on_end(InstanceKey key, std::function<void(const Outcome&)> listener) {
    const std::uint32_t owner = core::created_at(key).bucket;
    if (!key || owner >= buckets_.size()) throw Error{Code::not_found, "there is no instance " + key.str()};
    const std::uint64_t id = ++listeners_;
    buckets_[owner]->on_end(key, id, std::move(listener));
    return id;
}

void Engine::Impl::forget_listener(InstanceKey key, std::uint64_t listener) {
    buckets_[core::created_at(key).bucket]->forget_listener(key, listener);
}

std::optional<Outcome> Engine::Impl::outcome(InstanceKey key) const {
    const auto live = read_instance(*store_, definitions_, key);
    return live && live->state.ended() ? std::optional{outcome_of(*live)} : std::nullopt;
}

Cursor Engine::Impl::cursor_at_start() const { return cursor_of(Places(shell_.info.buckets)); }

Cursor Engine::Impl::cursor_at_end() const {
    Places places;
    for (std::uint32_t i = 0; i < shell_.info.buckets; ++i) places.push_back({store_->next_sequence(i), 0});
    return cursor_of(places);
}

Subscription Engine::Impl::subscribe(std::optional<Cursor> after, std::function<void(const Event&)> callback) {
    Places places = places_of(after ? *after : cursor_at_end(), shell_.info.buckets);
    auto feed = std::make_shared<Feed>(*store_, definitions_, *workshop_, std::move(places), std::move(callback));
    feeds_.add(feed);
    return Subscription{std::shared_ptr<void>{feed.get(), [feed](void*) { feed->close(); }}};
}

// ---- the end ----------------------------------------------------------------------------------------------------------------

/// Whoever only records leaves no message half way, if there is time.
void Engine::Impl::wait_for_inbox(Duration grace) {
    const auto is_empty = [this](const auto& bucket) { return bucket->held_epoch() == 0 || store_->inbox(bucket->number(), 0, 1).empty(); };
    try {
        for (const Instant until = shell_.now() + grace; shell_.now() < until; std::this_thread::sleep_for(std::chrono::milliseconds{2}))
            if (std::all_of(buckets_.begin(), buckets_.end(), is_empty)) return;
    } catch (const Error& error) {
        log(LogLevel::warning, std::string{"the inbox cannot be read: "} + error.what(), {});
    }
}

Drained Engine::Impl::stop(Duration grace) {
    std::call_once(stopped_, [this, grace] {
        if (options_.records_only && running_) wait_for_inbox(grace);
        dispatcher_.close();   // before anybody can see that the engine stops: who has seen it counts on no further call
        const auto before = static_cast<int>(dispatcher_.under_way());
        {
            const std::scoped_lock lock{intake_, housekeeping_mutex_};
            stopping_ = true;
        }
        housekeeping_.reset();
        ear_.reset();
        tenancy_.retire();   // calls that end in time keep their buckets
        for (const auto& bucket : buckets_) bucket->drain();
        const auto left = static_cast<int>(dispatcher_.stop(grace));
        drained_ = {std::max(before - left, 0), left};
        tenancy_.stop();
        post_.close();
        workshop_->close();
        if (running_) tenancy_.leave();
        signals_.close();
        feeds_.close();   // whoever drops a subscription later finds nothing of the engine in it
    });
    return drained_;
}

void Engine::Impl::stop(Duration grace, std::function<void(Drained)> done) {
    const std::scoped_lock lock{stoppers_mutex_};
    stoppers_.emplace_back([this, grace, done = std::move(done)] { done(stop(grace)); });
}

std::unique_ptr<ports::Store> Engine::Impl::leave() {
    stop(Duration{0});
    return std::move(store_);
}

Health Engine::Impl::health() const {
    if (stopping_) return {false, false, "the engine stops"};
    if (!running_) return {true, false, "the engine does not run yet"};
    if (auto trouble = committer_.trouble(); !trouble.empty()) return {true, false, "the store takes no commits: " + trouble};
    if (auto trouble = tenancy_.trouble(); !trouble.empty()) return {true, false, "the lease cannot be renewed: " + trouble};
    return {true, true, {}};
}

}  // namespace kontor

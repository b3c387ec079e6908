#include "runtime/bucket/bucket.hpp"

#include "journal/encoding.hpp"
#include "journal/snapshot.hpp"
#include "runtime/instance/rows.hpp"
#include "runtime/mail/post_office.hpp"
#include "runtime/mail/signals.hpp"

#include <algorithm>

namespace kontor::runtime {
namespace {

constexpr Duration after_an_error = std::chrono::seconds{1};

}  // namespace

std::uint32_t bucket_of(std::string_view text, std::uint32_t buckets) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return static_cast<std::uint32_t>((hash ^ (hash >> 32)) % buckets);
}

Bucket::Bucket(Shell& shell, std::uint32_t number)
    : shell_{shell}, number_{number}, strand_{boost::asio::make_strand(shell.workshop.work())}, calls_{*this}, messages_{*this},
      timers_{*this}, inbox_{*this}, ends_{*this} {}

void Bucket::drain() {
    post([this] {
        draining_ = true;
        timers_.close();
        messages_.close();
        ends_.close();
        postponed_.clear();
        for (auto& [key, loading] : loading_)
            if (std::exchange(loading.alarm, nullptr)) load(key);   // for the last time
    });
}

// ---- to its desks -----------------------------------------------------------------------------------------------------------

void Bucket::publish(Message message, std::function<void(Result<Published>)> done) {
    post([this, message = std::move(message), done = std::move(done)]() mutable {
        if (takes()) return messages_.publish({std::move(message), std::move(done)});
        if (draining_) return done(Error{Code::shutting_down, "this engine stops"});
        shell_.post.send(number_, std::move(message), std::move(done));
    });
}

void Bucket::delivered(const Message& message, const InboxAddress& row) {
    Bucket& owner = shell_.bucket(message_bucket(message.name, message.correlation_key, shell_.info.buckets));
    owner.post([&owner, name = message.name, key = message.correlation_key, row] {
        if (owner.is_here()) owner.messages().delivered(name, key, row);
        else owner.shell().signals.tell({Signal::About::messages, owner.number(), {}});
    });
}

void Bucket::look_for_message(std::string name, std::string correlation_key) {
    post([this, name = std::move(name), key = std::move(correlation_key)]() mutable {
        if (held_) messages_.look(std::move(name), std::move(key));
        else shell_.signals.tell({Signal::About::messages, number_, {}});
    });
}

void Bucket::receive(ports::InboxRow row) {
    post([this, row = std::move(row)] { inbox_.receive(row); });
}

void Bucket::look_into_inbox() {
    post([this] { inbox_.look(); });
}

void Bucket::look_after_messages() {
    post([this] {
        if (held_) messages_.look_after();
    });
}

void Bucket::look_for_ends() {
    post([this] { ends_.look_for_ended(); });
}

void Bucket::look_after() {
    post([this] { inbox_.look_after(); });
}

void Bucket::on_end(InstanceKey key, std::uint64_t id, std::function<void(const Outcome&)> listener) {
    post([this, key, id, listener = std::move(listener)]() mutable { ends_.listen(key, id, std::move(listener)); });
}

void Bucket::forget_listener(InstanceKey key, std::uint64_t id) {
    post([this, key, id] { ends_.forget(key, id); });
}

// ---- orders -----------------------------------------------------------------------------------------------------------------

void Bucket::submit(Order order) {
    if (order.from_outside && queued_ >= shell_.queue) {
        shell_.meter.add("kontor_refused_total", 1);
        const Error busy{Code::busy, "bucket " + std::to_string(number_) + " has " + std::to_string(shell_.queue) + " commands waiting",
                         std::chrono::milliseconds{200}};
        if (order.done) order.done(busy);
        return;
    }
    ++queued_;
    post([this, order = std::move(order)]() mutable { process(std::move(order)); });
}

void Bucket::process(Order order) {
    const bool begins_work = order.from_outside || std::holds_alternative<core::StartAttempt>(order.command);
    if (draining_ && begins_work) return answer(order, Error{Code::shutting_down, "this engine stops"});
    if (!takes()) return go_elsewhere(std::move(order));
    if (order.request && !order.request_is_new) return look_up_request(std::move(order));
    if (!order.instance) return decide_start(std::move(order));
    Live* live = instances_.find(order.instance);
    if (live && !live->spoiled) return decide(*live, std::move(order));
    const InstanceKey key = order.instance;
    auto& waiting = loading_[key].waiting;
    waiting.push_back(std::move(order));
    if (waiting.size() == 1 && !live) load(key);   // a spoiled one is read when nothing of it is outstanding
}

void Bucket::take(Order order) {
    ++queued_;
    process(std::move(order));
}

void Bucket::load(InstanceKey key) {
    read_here([this, key] { return read_instance(shell_.store, shell_.definitions, key); }, [this, key](Result<std::optional<Live>> found) {
        const bool is_dropped = !found && found.error().code() == Code::not_found;   // by retention: it does not come back
        if (!found && !is_dropped) return load_again(key, found.error());
        if (is_dropped || !*found) return gone(key, is_dropped ? found.error() : Error{Code::not_found, "there is no instance " + key.str()});
        // Another owner has written it: what would be decided here would make keys that exist already. The fence says so, and then
        // the orders go to him.
        if ((*found)->newest.sequence >= next_sequence_) return probe();
        auto loading = loading_.extract(key);
        instances_.found(key, std::move(**found));
        if (!loading) return;
        for (Order& order : loading.mapped().waiting) process(std::move(order));
    });
}

/// Nobody can do what was wanted of it; a message that was on its way to it goes back.
void Bucket::gone(InstanceKey key, const Error& why) {
    auto loading = loading_.extract(key);
    if (!loading) return;
    for (Order& order : loading.mapped().waiting) {
        if (order.message) send_back(std::move(order), {Code::not_found, "no-instance", why.what()});
        else dismiss(std::move(order), why);
    }
}

/// The store could not be read. A caller may try again; what nobody would repeat, an answer or a timer, has to wait.
void Bucket::load_again(InstanceKey key, const Error& why) {
    std::deque<Order> kept;
    for (Order& order : std::exchange(loading_[key].waiting, {})) {
        if (draining_) answer(order, why);   // what came from the inbox stays there, for the next owner
        else if (order.from_outside) fail(std::move(order), why);
        else kept.push_back(std::move(order));
    }
    auto& later = loading_[key].waiting;   // an answer may have brought new ones
    later.insert(later.begin(), std::make_move_iterator(kept.begin()), std::make_move_iterator(kept.end()));
    if (later.empty()) return void(loading_.erase(key));
    shell_.log(LogLevel::warning, std::string{"an instance cannot be read: "} + why.what(), key);
    loading_[key].alarm = shell_.workshop.clock().alarm(shell_.now() + after_an_error, [this, key, tenure = tenure_] {
        post([this, key, tenure] {
            if (tenure != tenure_) return;
            const auto it = loading_.find(key);
            if (it != loading_.end() && std::exchange(it->second.alarm, nullptr)) load(key);
        });
    });
}

/// Nobody needs it any more, for now. Orders may have come since it was spoiled.
void Bucket::rest(InstanceKey key) {
    if (instances_.rest(key) && loading_.contains(key)) load(key);
}

void Bucket::once_read(InstanceKey key, std::function<void()> work) { submit(Order{.instance = key, .look = std::move(work)}); }

/// The same request id gives the same answer; one that comes while the first is at work waits for its end.
void Bucket::look_up_request(Order order) {
    const std::string id = order.request->id;
    const auto [at_work, is_first] = requests_.try_emplace(id);
    if (!is_first) return at_work->second.push_back(std::move(order));
    read([this, id] { return shell_.store.request(id); },
         [this, order = std::move(order), tenure = tenure_](Result<std::optional<ports::RequestRow>> found) mutable {
             // Who has the bucket now looks it up again; what came from the inbox he finds there, or it has been done.
             if (tenure != tenure_) return order.inbox_id.empty() ? process(std::move(order)) : void(--queued_);
             order.request_is_new = true;
             if (!found) return answer(order, found.error());
             if (!*found) return process(std::move(order));
             const ports::RequestRow& before = **found;
             OrderResult result = Accepted{InstanceKey::parse(before.answer), true};
             if (before.body_hash != order.request->body_hash)
                 result = Error{Code::conflict, "request id " + order.request->id + " was used before for something else"};
             dismiss(std::move(order), std::move(result));
         });
}

void Bucket::request_is_done(const Order& order) {
    if (!order.request || !order.request_is_new) return;
    const auto it = requests_.find(order.request->id);
    if (it == requests_.end()) return;
    auto waiting = std::move(it->second);
    requests_.erase(it);
    for (Order& next : waiting) process(std::move(next));
}

// ---- decisions --------------------------------------------------------------------------------------------------------------

void Bucket::decide_start(Order order) {
    const VersionRef version = order.version;
    Live live;
    live.version = version;
    std::optional<core::Decision> decision;
    try {
        decision = core::decide(*version->definition, {}, order.command, {{number_, next_sequence_}, shell_.now(), shell_.info.id});
    } catch (const std::exception& error) {
        return dismiss(std::move(order), Error{Code::bad_input, error.what()});
    }
    if (auto* rejection = std::get_if<core::Rejection>(&decision->outcome)) return reject(nullptr, std::move(order), std::move(*rejection));
    live.state = std::move(decision->state);
    const InstanceKey key = live.state.key;
    live.row.key = key;
    live.row.period = period_of(live.state.started);
    live.row.process = version->process().id;
    live.row.definition = version->id;
    live.row.business_key = live.state.business_key;
    live.row.started = live.state.started;
    live.row.head = journal::first_link(key);
    shell_.meter.add("kontor_instances_started_total", 1, {{"process", live.row.process}});
    record(instances_.put(key, std::move(live)), std::move(order), std::get<core::Accepted>(std::move(decision->outcome)));
}

void Bucket::decide(Live& live, Order order) {
    instances_.use(live);
    if (order.look) {
        order.look();
        answer(order, Accepted{order.instance, false});
        return rest(order.instance);
    }
    std::optional<core::Decision> decision;
    try {
        decision = core::decide(*live.version->definition, std::move(live.state), order.command, {{number_, next_sequence_}, shell_.now()});
    } catch (const std::exception& error) {
        return break_off(live, std::move(order), error.what());
    }
    live.state = std::move(decision->state);
    if (auto* rejection = std::get_if<core::Rejection>(&decision->outcome)) {
        const InstanceKey key = live.state.key;
        reject(&live, std::move(order), std::move(*rejection));
        return rest(key);
    }
    record(live, std::move(order), std::get<core::Accepted>(std::move(decision->outcome)));
}

void Bucket::if_void(const Live& live, std::function<void()> again) {
    if (live.uncommitted > 0) commit_rows({}, [](const Result<void>&) {}, std::move(again));
}

namespace {

/// A message that keeps waiting for more of its kind: its row was taken away when the message was given to it, so it is opened anew.
void open_again(const core::State& state, core::Accepted& accepted) {
    for (const auto& event : accepted.events) {
        const auto* correlated = std::get_if<core::MessageCorrelated>(&event);
        if (!correlated || !correlated->keeps_waiting) continue;
        const auto wait = state.waits.find(correlated->wait);
        if (wait == state.waits.end()) continue;
        const auto& subscription = std::get<core::Wait::Subscription>(wait->second.what);
        accepted.effects.emplace_back(core::OpenSubscription{correlated->wait, subscription.message, subscription.correlation_key});
    }
}

}  // namespace

void Bucket::record(Live& live, Order order, core::Accepted accepted) {
    const InstanceKey key = live.state.key;
    const core::Position position{number_, next_sequence_};
    const bool is_start = !order.instance;
    Unit unit{{}, generation_};
    Outstanding out;
    try {
        open_again(live.state, accepted);
        std::string bytes = journal::encode({position, key, accepted.at, accepted.events});
        const std::uint64_t previous = live.row.last.sequence;
        live.row.head = journal::extend(live.row.head, position, bytes);
        live.row.last = position;
        follow_state(live.row, live.state);
        live.tail_events += accepted.events.size();
        live.tail_bytes += bytes.size();
        derive_rows(live, accepted.effects, unit.rows);
        if (journal::wants_snapshot(live.tail_events, live.tail_bytes)) {
            unit.rows.snapshots.push_back({key, position, journal::encode_snapshot(live.state)});
            live.tail_events = live.tail_bytes = 0;
        }
        unit.rows.journal.push_back({position, key, live.row.period, previous, std::move(bytes), live.row.head});
    } catch (const std::exception& error) {
        if (!is_start) return break_off(live, std::move(order), error.what());
        instances_.erase(key);
        return dismiss(std::move(order), Error{Code::bad_input, error.what()});
    }
    if (order.request) {
        order.request->answer = key.str();
        order.request->answered = accepted.at;
        unit.rows.requests.push_back(*order.request);
    }
    if (!order.inbox_id.empty()) unit.rows.inbox_consumed.emplace_back(number_, order.inbox_id);
    reply(order, Accepted{key, false}, unit.rows);
    unit.rows.advances.push_back({number_, epoch_, position.sequence, position.sequence + 1});
    ++next_sequence_;
    ++live.uncommitted;
    out.order = std::move(order);
    out.instance = key;
    out.result = Accepted{key, false};
    out.effects = std::move(accepted.effects);
    out.timers = unit.rows.timers;
    out.timers_gone = unit.rows.timers_gone;
    outstanding_.push_back(std::move(out));
    shell_.committer.submit(*this, std::move(unit));
}

/// The decision threw in the middle, and took the state with it. What is durable is read again, once everything before is.
void Bucket::break_off(Live& live, Order order, const std::string& why) {
    const InstanceKey key = live.row.key;
    shell_.log(LogLevel::error, "a command could not be decided: " + why, key);
    live.spoiled = true;
    put_in_its_place(order, why);
    fail(std::move(order), Error{Code::bad_input, why});
    rest(key);
}

}  // namespace kontor::runtime

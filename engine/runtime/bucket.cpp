#include "runtime/bucket.hpp"

#include "journal/encoding.hpp"
#include "journal/snapshot.hpp"
#include "runtime/post_office.hpp"
#include "runtime/rows.hpp"
#include "runtime/signals.hpp"

#include <algorithm>

namespace kontor::runtime {
namespace {

/// Of instances that wait: whoever comes back soon need not be read again.
constexpr std::size_t parked_in_memory = 64;
constexpr Duration after_an_error = std::chrono::seconds{1};
constexpr Duration after_a_refusal = std::chrono::seconds{10};

}  // namespace

std::uint32_t bucket_of(std::string_view text, std::uint32_t buckets) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return static_cast<std::uint32_t>((hash ^ (hash >> 32)) % buckets);
}

Bucket::Bucket(Shell& shell, std::uint32_t number)
    : shell_{shell}, number_{number}, strand_{boost::asio::make_strand(shell.workshop.work())}, desk_{*this} {}

void Bucket::drain() {
    post([this] {
        draining_ = true;
        alarm_.reset();
        desk_.close();
        postponed_alarms_.clear();
        listeners_alarms_.clear();
        for (const auto& [key, alarm] : std::exchange(reload_alarms_, {})) load(key);   // for the last time
    });
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
    if (!held_ || (leaving_ && leaving_->closed)) return go_elsewhere(std::move(order));
    if (order.request && !order.request_is_new) return look_up_request(std::move(order));
    if (!order.instance) return decide_start(std::move(order));
    const auto it = live_.find(order.instance);
    if (it != live_.end() && !it->second.spoiled) return decide(it->second, std::move(order));
    const InstanceKey key = order.instance;
    auto& waiting = loading_[key];
    waiting.push_back(std::move(order));
    if (waiting.size() == 1 && it == live_.end()) load(key);   // a spoiled one is read when nothing of it is outstanding
}

void Bucket::load(InstanceKey key) {
    read([this, key] { return read_instance(shell_.store, shell_.definitions, key); },
         [this, key, tenure = tenure_](Result<std::optional<Live>> found) {
             if (tenure != tenure_) return;   // whoever waited for it has been sent elsewhere
             if (!found) return load_again(key, found.error());
             // Another owner has written it: what would be decided here would make keys that exist already. The fence says so, and then
             // the orders go to him.
             if (*found && (*found)->newest.sequence >= next_sequence_) return probe();
             auto waiting = std::move(loading_[key]);
             loading_.erase(key);
             if (*found) live_.emplace(key, std::move(**found));
             for (Order& order : waiting) {
                 const Error none{Code::not_found, "there is no instance " + key.str()};
                 if (*found) process(std::move(order));
                 else if (order.is_letter) dismiss(std::move(order), none);
                 else answer(order, none);
             }
         });
}

/// The store could not be read. A caller may try again; what nobody would repeat, an answer or a timer, has to wait.
void Bucket::load_again(InstanceKey key, const Error& why) {
    std::deque<Order> waiting;
    waiting.swap(loading_[key]);
    std::deque<Order> kept;
    for (Order& order : waiting) {
        if (order.from_outside || draining_) answer(order, why);
        else kept.push_back(std::move(order));
    }
    auto& later = loading_[key];   // an answer may have brought new ones
    later.insert(later.begin(), std::make_move_iterator(kept.begin()), std::make_move_iterator(kept.end()));
    if (later.empty()) return void(loading_.erase(key));
    shell_.log(LogLevel::warning, std::string{"an instance cannot be read: "} + why.what(), key);
    reload_alarms_[key] = shell_.workshop.clock().alarm(shell_.now() + after_an_error, [this, key, tenure = tenure_] {
        post([this, key, tenure] {
            if (tenure != tenure_) return;
            reload_alarms_.erase(key);
            if (loading_.contains(key)) load(key);
        });
    });
}

const Live* Bucket::at_hand(InstanceKey key) const {
    const auto it = live_.find(key);
    return it == live_.end() || it->second.spoiled ? nullptr : &it->second;
}

void Bucket::once_read(InstanceKey key, std::function<void()> work) { submit(Order{.instance = key, .look = std::move(work)}); }

/// The same request id gives the same answer; one that comes while the first is at work waits for its end.
void Bucket::look_up_request(Order order) {
    const std::string id = order.request->id;
    const auto [at_work, is_first] = requests_.try_emplace(id);
    if (!is_first) return at_work->second.push_back(std::move(order));
    read([this, id] { return shell_.store.request(id); },
         [this, order = std::move(order), tenure = tenure_](Result<std::optional<ports::RequestRow>> found) mutable {
             if (tenure != tenure_) return process(std::move(order));   // who has the bucket now looks it up again
             order.request_is_new = true;
             if (!found) return answer(order, found.error());
             if (!*found) return process(std::move(order));
             const ports::RequestRow& before = **found;
             OrderResult result = Accepted{InstanceKey::parse(before.answer), true};
             if (before.body_hash != order.request->body_hash)
                 result = Error{Code::conflict, "request id " + order.request->id + " was used before for something else"};
             if (!order.inbox_id.empty()) return dismiss(std::move(order), std::move(result));
             answer(order, std::move(result));
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

void Bucket::answer(Order& order, OrderResult result) {
    --queued_;
    const std::string inbox_id = order.inbox_id;
    if (!inbox_id.empty()) inbox_is_done(inbox_id);
    if (order.message) delivered(*order.message, {number_, inbox_id});
    if (auto done = std::exchange(order.done, nullptr)) done(std::move(result));
    request_is_done(order);
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
        const Error why{Code::bad_input, error.what()};
        return order.inbox_id.empty() ? answer(order, why) : dismiss(std::move(order), why);
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
    record(live_.insert_or_assign(key, std::move(live)).first->second, std::move(order), std::get<core::Accepted>(std::move(decision->outcome)));
}

void Bucket::decide(Live& live, Order order) {
    if (live.parked) {
        parked_.erase(*live.parked);
        live.parked.reset();
    }
    if (order.look) {
        order.look();
        answer(order, Accepted{order.instance, false});
        return park(order.instance);
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
        return park(key);
    }
    record(live, std::move(order), std::get<core::Accepted>(std::move(decision->outcome)));
}

/// A refusal is an answer too: it is let out when the state that it speaks of is durable.
void Bucket::reject(const Live* live, Order order, core::Rejection rejection) {
    if (!order.inbox_id.empty()) return send_back(std::move(order), rejection);
    if (!live || live->uncommitted == 0) return answer(order, std::move(rejection));
    const auto kept = std::make_shared<Order>(std::move(order));
    commit_rows({}, [this, kept, rejection = std::move(rejection)](const Result<void>& written) {
        answer(*kept, written ? OrderResult{rejection} : OrderResult{written.error()});
    }, [this, kept] { process(std::move(*kept)); });
}

/// Something is not to be done because of what has been decided since. If that does not become durable it has to be looked at again.
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
        live_.erase(key);
        const Error why{Code::bad_input, error.what()};
        return order.inbox_id.empty() ? answer(order, why) : dismiss(std::move(order), why);
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

namespace {

struct Instead {
    const std::string& why;
    using Result = std::optional<core::Command>;
    Result operator()(const core::CompleteJob& c) const { return core::LoseAnswer{c.job, why}; }
    Result operator()(const core::ReturnError& c) const { return core::FailJob{c.job, "its answer is lost: " + why, std::nullopt, true}; }
    Result operator()(const core::DeferJob& c) const { return core::LoseCall{c.job, "its answer is lost: " + why}; }
    Result operator()(const core::AnswerQuery& c) const {
        return c.took_effect ? Result{core::AnswerQuery{c.job, std::nullopt, {}}} : std::nullopt;
    }
    Result operator()(const core::StartAttempt&) const { return halt(); }
    Result operator()(const core::WakeUpJob&) const { return halt(); }
    Result operator()(const core::FireTimer&) const { return halt(); }
    Result operator()(const core::CorrelateMessage&) const { return halt(); }
    Result operator()(const core::Continue&) const { return halt(); }
    Result operator()(const auto&) const { return std::nullopt; }
    [[nodiscard]] Result halt() const { return core::Halt{"a step could not be recorded: " + why}; }
};

}  // namespace

/// A command could not be decided or recorded. Whoever gave it from outside is told; of what nobody else would repeat an incident is left
/// instead, and if not even that can be recorded, it is tried again later.
void Bucket::put_in_its_place(const Order& order, const std::string& why) {
    if (order.from_outside || !order.instance) return;
    if (!order.inbox_id.empty() && !order.message && !order.is_letter) return;   // its row is still there and is looked at again
    const InstanceKey key = order.instance;
    if (auto instead = std::visit(Instead{why}, order.command)) return submit(Order{.instance = key, .command = std::move(*instead)});
    postponed_[key].push_back(order.command);
    postponed_alarms_[key] = shell_.workshop.clock().alarm(shell_.now() + after_a_refusal, [this, key] {
        post([this, key] {
            postponed_alarms_.erase(key);
            const auto commands = postponed_.extract(key);
            if (commands.empty()) return;   // the bucket was lost in between
            for (auto& command : commands.mapped()) submit(Order{.instance = key, .command = std::move(command)});
        });
    });
}

/// The decision threw in the middle, and took the state with it. What is durable is read again, once everything before is.
void Bucket::break_off(Live& live, Order order, const std::string& why) {
    const InstanceKey key = live.row.key;
    shell_.log(LogLevel::error, "a command could not be decided: " + why, key);
    live.spoiled = true;
    put_in_its_place(order, why);
    const Error error{Code::bad_input, why};
    order.is_letter ? dismiss(std::move(order), error) : answer(order, error);
    if (live.uncommitted > 0) return;
    live_.erase(key);
    if (loading_.contains(key)) load(key);
}

void Bucket::commit_rows(ports::Batch rows, std::function<void(const Result<void>&)> done, std::function<void()> again) {
    if (!held_) return done(Error{Code::shutting_down, "another node has bucket " + std::to_string(number_)});
    Unit unit{rows, generation_};
    unit.rows.advances = {{number_, epoch_, next_sequence_, next_sequence_}};
    Outstanding out;
    out.rows = std::move(rows);
    out.rows_done = std::move(done);
    out.again = std::move(again);
    outstanding_.push_back(std::move(out));
    shell_.committer.submit(*this, std::move(unit));
}

// ---- commits ----------------------------------------------------------------------------------------------------------------

void Bucket::committed(std::size_t units) {
    post([this, units] {
        for (std::size_t i = 0; i < units && !outstanding_.empty(); ++i) {
            Outstanding done = std::move(outstanding_.front());
            outstanding_.pop_front();
            settle(done);
        }
        shell_.on_commit(number_);
        if (leaving_) try_to_leave();
    });
}

void Bucket::settle(Outstanding& done) {
    for (auto& row : done.rows.inbox) shell_.bucket(row.bucket).receive(std::move(row));
    for (const auto& row : done.rows.replies) tell_reply(row.node);
    if (done.rows_done) return done.rows_done({});
    ++durable_sequence_;
    if (!done.order.reply_to.node.empty()) tell_reply(done.order.reply_to.node);
    for (const auto key : done.timers_gone) timers_.drop(key);
    for (const auto& row : done.timers) timers_.put(row);
    if (!done.timers.empty()) set_alarm();
    const auto it = live_.find(done.instance);
    if (it != live_.end()) --it->second.uncommitted;
    answer(done.order, std::move(done.result));
    perform(done.instance, done.effects);
    park(done.instance);
}

void Bucket::tell_reply(const std::string& node) const {
    if (node == shell_.node) shell_.post.look();   // the bucket has come here since
    else shell_.signals.tell({Signal::About::replies, 0, node});
}

void Bucket::refused(std::string why) {
    post([this, why = std::move(why)] { begin_again(why); });
}

/// The oldest of what is outstanding was refused, and nothing written: what is durable is read again, and the others are decided again in
/// their order.
void Bucket::begin_again(const std::string& why) {
    ++generation_;
    next_sequence_ = durable_sequence_;
    auto again = std::move(outstanding_);
    outstanding_.clear();
    std::vector<InstanceKey> spoiled;
    for (const auto& [key, live] : live_)
        if (live.spoiled) spoiled.push_back(key);
    std::erase_if(live_, [](const auto& entry) { return entry.second.uncommitted > 0 || entry.second.spoiled; });
    if (!again.empty()) {
        shell_.log(LogLevel::error, "the store refused a commit: " + why, again.front().instance);
        refuse(again.front(), why);
        again.pop_front();
    }
    for (Outstanding& out : again) {
        if (out.again) out.again();
        else if (out.rows_done) commit_rows(std::move(out.rows), std::move(out.rows_done));
        else process(std::move(out.order));
    }
    for (const InstanceKey key : spoiled)
        if (loading_.contains(key)) load(key);
}

/// It will not be written.
void Bucket::refuse(Outstanding& out, const std::string& why) {
    const Error error{Code::bad_input, "the commit failed: " + why};
    if (out.rows_done) return out.rows_done(error);
    if (out.order.request && !std::exchange(out.order.request_was_refused, true)) {
        out.order.request_is_new = false;   // perhaps another order with this id has been answered just now
        requests_.erase(out.order.request->id);
        return process(std::move(out.order));
    }
    put_in_its_place(out.order, why);
    out.order.is_letter ? dismiss(std::move(out.order), error) : answer(out.order, error);
}

/// What nobody needs leaves memory: ended instances at once, waiting ones when others have been used since.
void Bucket::park(InstanceKey key) {
    const auto it = live_.find(key);
    if (it == live_.end() || it->second.uncommitted > 0) return;
    Live& live = it->second;
    if (live.spoiled || live.state.ended()) {
        if (live.parked) parked_.erase(*live.parked);
        live_.erase(it);
        if (loading_.contains(key)) load(key);
        return;
    }
    if (live.row.active || live.parked) return;
    live.parked = parked_.insert(parked_.end(), key);
    if (parked_.size() <= parked_in_memory) return;
    live_.erase(parked_.front());
    parked_.pop_front();
}

}  // namespace kontor::runtime

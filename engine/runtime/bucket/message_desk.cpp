#include "runtime/bucket/message_desk.hpp"

#include "core/expressions.hpp"
#include "runtime/bucket/bucket.hpp"
#include "runtime/mail/letters.hpp"
#include "value/codec.hpp"

namespace kontor::runtime {
namespace {

constexpr std::size_t messages_at_once = 10'000;
/// A duplicate is known at least this long after its message.
constexpr Duration remembered = std::chrono::hours{24};
constexpr Duration longest_time_to_live = std::chrono::years{100};   // more would overflow

ports::InboxRow delivery(const ports::SubscriptionRow& to, Message message, std::string id, Instant now) {
    return {core::created_at(to.instance).bucket, std::move(id), encode(DeliverMessage{to.instance, to.key.value, std::move(message)}), now};
}

/// Those whose time is not over, which may stand behind many whose time is.
std::vector<ports::MessageRow> kept_messages(Shell& shell, std::uint32_t bucket, const std::string& name, const std::string& key) {
    for (std::size_t limit = 10;; limit *= 10) {
        auto rows = shell.store.messages(bucket, name, key, limit);
        const bool all = rows.size() < limit;
        std::erase_if(rows, [now = shell.now()](const auto& row) { return row.until <= now; });
        if (all || !rows.empty()) return rows;
    }
}

}  // namespace

std::uint32_t message_bucket(std::string_view name, std::string_view correlation_key, std::uint32_t buckets) {
    std::string both{name};
    both += '\n';
    both += correlation_key;
    return bucket_of(both, buckets);
}

std::string message_row(std::string_view prefix, std::string_view name, std::string_view correlation_key, std::string_view id) {
    std::string text{prefix};
    for (const auto part : {name, correlation_key, id}) text += std::to_string(part.size()) + ':' + std::string{part} + '/';
    return text;
}

void require_deliverable(const Message& message) {
    if (message.name.empty()) throw Error{Code::bad_input, "a message needs a name"};
    if (core::size_of(Value{message.payload}) > core::largest_value)
        throw Error{Code::bad_input, "message " + message.name + " takes more than " + std::to_string(core::largest_value) + " bytes; send a reference to what it holds"};
}

/// What the store knows about a name and key.
struct MessageDesk::Found {
    std::vector<ports::SubscriptionRow> waiting;     ///< the oldest first
    std::vector<ports::MessageRow> kept;             ///< the oldest first
    bool seen = false;                               ///< a message with this id
};

void MessageDesk::close() {
    closed_ = true;
    const Error stops{Code::shutting_down, "this engine stops"};
    for (auto& request : std::exchange(waiting_, {}))
        if (auto* publish = std::get_if<Publish>(&request); publish && publish->done) publish->done(stops);
    for (auto& [key, on_the_way] : std::exchange(on_the_way_, {}))
        for (auto& publish : on_the_way.after)
            if (publish.done) publish.done(stops);
}

void MessageDesk::leave() {
    busy_ = look_after_ = false;
    for (auto& request : std::exchange(waiting_, {}))
        if (auto* publish = std::get_if<Publish>(&request)) pass_on(std::move(*publish));
    for (auto& [key, on_the_way] : std::exchange(on_the_way_, {}))
        for (auto& publish : on_the_way.after) pass_on(std::move(publish));
}

/// To the next owner of the bucket. What came with a row of the inbox he finds there.
void MessageDesk::pass_on(Publish publish) {
    if (publish.inbox_id.empty()) bucket_.publish(std::move(publish.message), std::move(publish.done));
}

void MessageDesk::publish(Publish request) {
    if (closed_) {
        if (request.done) request.done(Error{Code::shutting_down, "this engine stops"});
        return;
    }
    if (request.inbox_id.empty() && waiting_.size() >= bucket_.shell().queue) {
        if (request.done) request.done(Error{Code::busy, "too many messages wait to be published", std::chrono::milliseconds{200}});
        return;
    }
    waiting_.emplace_back(std::move(request));
    if (!busy_) next();
}

void MessageDesk::look(std::string name, std::string correlation_key) {
    if (closed_) return;
    waiting_.emplace_back(Look{std::move(name), std::move(correlation_key)});
    if (!busy_) next();
}

void MessageDesk::look_after() {
    if (closed_) return;
    look_after_ = true;
    if (!busy_) next();
}

void MessageDesk::delivered(const std::string& name, const std::string& correlation_key, const InboxAddress& row) {
    const auto it = on_the_way_.find({name, correlation_key});
    if (it == on_the_way_.end() || it->second.deliveries.erase(row) == 0 || !it->second.deliveries.empty()) return;
    auto after = std::move(it->second.after);
    on_the_way_.erase(it);
    waiting_.insert(waiting_.begin(), std::make_move_iterator(after.begin()), std::make_move_iterator(after.end()));
    next();
}

void MessageDesk::finished() {
    busy_ = false;
    next();
}

void MessageDesk::read(const std::string& name, const std::string& key, const std::string& id, std::function<void(Result<Found>)> then) {
    Shell& shell = bucket_.shell();
    bucket_.read(
        [&shell, bucket = bucket_.number(), name, key, id] {
            Found found;
            if (!id.empty()) found.seen = shell.store.message({bucket, name, key, id}).has_value();
            found.waiting = shell.store.subscriptions(name, key, {}, 1);
            found.kept = kept_messages(shell, bucket, name, key);
            return found;
        },
        std::move(then));
}

/// Between two requests: a message that was being kept has been kept by then.
void MessageDesk::read_what_others_did() {
    struct Done {
        std::vector<ports::MessageRow> wanted;
        std::vector<std::pair<std::pair<std::string, std::string>, InboxAddress>> arrived;
    };
    Done sent;
    for (const auto& [to, on_the_way] : on_the_way_)
        for (const auto& row : on_the_way.deliveries) sent.arrived.emplace_back(to, row);
    bucket_.read(
        [&shell = bucket_.shell(), bucket = bucket_.number(), done = std::move(sent)]() mutable {
            std::erase_if(done.arrived, [&](const auto& delivery) { return shell.store.is_in_inbox(delivery.second.first, delivery.second.second); });
            done.wanted = shell.store.messages_wanted(bucket, messages_at_once);
            return std::move(done);
        },
        [this, tenure = bucket_.tenure()](const Result<Done>& done) {
            if (tenure != bucket_.tenure()) return;
            if (!done) {
                bucket_.shell().log(LogLevel::error, std::string{"messages cannot be read: "} + done.error().what(), {});
                return finished();
            }
            for (const auto& row : done->wanted) waiting_.emplace_front(Look{row.key.name, row.key.correlation_key});
            for (const auto& [to, row] : done->arrived) delivered(to.first, to.second, row);
            finished();
        });
}

void MessageDesk::next() {
    if (busy_ || (waiting_.empty() && !look_after_)) return;
    busy_ = true;
    if (std::exchange(look_after_, false)) return read_what_others_did();
    auto request = std::move(waiting_.front());
    waiting_.pop_front();
    if (auto* look = std::get_if<Look>(&request))
        return read(look->name, look->correlation_key, {}, [this, tenure = bucket_.tenure()](const Result<Found>& found) {
            if (tenure == bucket_.tenure()) deliver_kept(found, std::nullopt);
        });
    auto& publish = std::get<Publish>(request);
    const Message asked = publish.message;
    // One that comes back from an instance has been seen, which is no reason to drop it.
    const std::string id = publish.came_back ? std::string{} : asked.message_id;
    read(asked.name, asked.correlation_key, id,
         [this, publish = std::move(publish), tenure = bucket_.tenure()](Result<Found> found) mutable {
             if (tenure == bucket_.tenure()) deliver(std::move(publish), std::move(found));
             else pass_on(std::move(publish));
         });
}

void MessageDesk::deliver(Publish request, Result<Found> found) {
    if (!found) return answer(request, found.error());
    const bool is_wanted = !found->waiting.empty();
    // Whoever has begun to wait gets the message that was kept for him before this one.
    if (is_wanted && !found->kept.empty() && !request.after_kept && !request.came_back) return deliver_kept(found, std::move(request));
    if (const auto before = on_the_way_.find({request.message.name, request.message.correlation_key});
        before != on_the_way_.end() && !is_wanted && !found->seen && !closed_) {
        before->second.after.push_back(std::move(request));
        return finished();
    }
    Verdict verdict = judge(request, *found);
    if (!request.inbox_id.empty()) verdict.rows.inbox_consumed.emplace_back(bucket_.number(), request.inbox_id);
    if (!request.reply_to.node.empty())
        verdict.rows.replies.push_back({request.reply_to.node, request.reply_to.id, encode(Answer{verdict.published}), bucket_.shell().now()});
    if (verdict.published == Published::duplicate && request.inbox_id.empty()) return answer(request, verdict.published);
    bucket_.commit_rows(std::move(verdict.rows), [this, published = verdict.published, delivery = std::move(verdict.delivery),
                                                  request = std::move(request)](const Result<void>& written) mutable {
        if (!written && published != Published::duplicate) return fail(std::move(request), written.error());
        if (delivery) on_the_way_[{request.message.name, request.message.correlation_key}].deliveries.insert(*delivery);
        answer(request, published);
    });
}

MessageDesk::Verdict MessageDesk::judge(const Publish& request, const Found& found) {
    if (found.seen) return {Published::duplicate, {}, {}};
    Shell& shell = bucket_.shell();
    const Instant now = shell.now();
    Message message = request.message;
    const bool is_named = !message.message_id.empty();
    // The row of one without an id needs one that no other has.
    if (!is_named) message.message_id = "#" + std::to_string(bucket_.epoch()) + "-" + std::to_string(++unnamed_);   // no epoch comes twice
    message.time_to_live = std::min(message.time_to_live, longest_time_to_live);
    if (message.time_to_live <= Duration{}) message.time_to_live = shell.definitions.time_to_live(message.name).value_or(Duration{});
    const std::string row_id = message_row(request.inbox_id + "m/", message.name, message.correlation_key, message.message_id);
    const auto starts = request.came_back ? decltype(shell.definitions.started_by({})){} : shell.definitions.started_by(message.name);
    Verdict verdict;
    ports::Batch& rows = verdict.rows;
    if (!found.waiting.empty()) {
        verdict.published = Published::correlated;
        rows.subscriptions_gone.push_back(found.waiting.front().key);   // taken: the next message is for the next one who waits
        rows.inbox.push_back(delivery(found.waiting.front(), message, row_id, now));
        verdict.delivery.emplace(rows.inbox.back().bucket, row_id);
    } else if (!starts.empty()) {
        verdict.published = Published::started;
        for (const auto& [version, event] : starts)
            rows.inbox.push_back({bucket_of(version->process().id, shell.info.buckets), row_id + version->id,
                                  encode(StartByMessage{version->id, model::raw(event), message}), now});
    } else if (message.time_to_live <= Duration{}) {
        verdict.published = Published::discarded;
    }
    if (const bool keep = verdict.published == Published::buffered; keep || is_named) {
        std::string payload;
        codec::encode(Value{message.payload}, payload);
        const Instant until = keep ? now + message.time_to_live : now + std::max(message.time_to_live, remembered);
        rows.messages.push_back({{bucket_.number(), message.name, message.correlation_key, message.message_id}, std::move(payload), now, until, !keep});
    }
    return verdict;
}

void MessageDesk::answer(const Publish& request, Result<Published> result) {
    if (request.done) request.done(std::move(result));
    finished();
}

void MessageDesk::fail(Publish request, const Error& why) {
    if (why.code() == Code::shutting_down && !closed_) {
        pass_on(std::move(request));
        return finished();
    }
    if (why.code() == Code::bad_input && !request.reply_to.node.empty()) {
        ports::Batch rows;
        rows.inbox_consumed.emplace_back(bucket_.number(), request.inbox_id);
        rows.replies.push_back({request.reply_to.node, request.reply_to.id, encode(Answer{why}), bucket_.shell().now()});
        // Only then is the letter done: until it is gone, who looks into the inbox must not take it for a new one.
        bucket_.commit_rows(std::move(rows), [done = std::move(request.done), why](const Result<void>&) {
            if (done) done(why);
        });
    } else if (request.done) {
        request.done(why);
    }
    finished();
}


void MessageDesk::deliver_kept(const Result<Found>& found, std::optional<Publish> then) {
    if (!found || found->waiting.empty() || found->kept.empty()) return finished();
    const Instant now = bucket_.shell().now();
    ports::MessageRow kept = found->kept.front();
    std::string_view payload = kept.payload;
    Message message{kept.key.name, kept.key.correlation_key, codec::decode(payload).as<Variables>(), kept.key.id, kept.until - now};
    const auto to = std::pair{kept.key.name, kept.key.correlation_key};
    ports::Batch rows;
    rows.subscriptions_gone.push_back(found->waiting.front().key);
    const std::string row_id = message_row("k/", kept.key.name, kept.key.correlation_key, kept.key.id);
    rows.inbox.push_back(delivery(found->waiting.front(), std::move(message), row_id, now));
    const InboxAddress address{rows.inbox.back().bucket, row_id};
    kept.taken = true;
    kept.until = std::max(kept.until, now + remembered);
    rows.messages.push_back(std::move(kept));
    bucket_.commit_rows(std::move(rows), [this, to, address, then = std::move(then)](const Result<void>& written) mutable {
        if (written) on_the_way_[to].deliveries.insert(address);
        if (!written && written.error().code() == Code::shutting_down && then) {
            pass_on(std::move(*std::exchange(then, std::nullopt)));
        }
        if (then) {
            then->after_kept = !written;   // not again and again, if the store refuses that
            waiting_.emplace_front(std::move(*then));
        }
        finished();
    });
}

}  // namespace kontor::runtime

// A bucket's inbox: messages on their way to instances, and what the host recorded in a transaction of its own.
#include "runtime/bucket.hpp"
#include "runtime/letters.hpp"
#include "runtime/post_office.hpp"
#include "runtime/requests.hpp"
#include "runtime/signals.hpp"

#include <algorithm>

namespace kontor::runtime {
namespace {

constexpr std::size_t rows_at_once = 1'000;
/// How long a message that was given to a suspended instance is kept for it.
constexpr Duration while_suspended = std::chrono::hours{24 * 30};

}  // namespace

void Bucket::publish(Message message, std::function<void(Result<Published>)> done) {
    post([this, message = std::move(message), done = std::move(done)]() mutable {
        if (held_ && !(leaving_ && leaving_->closed)) return desk_.publish({std::move(message), std::move(done)});
        if (draining_) return done(Error{Code::shutting_down, "this engine stops"});
        shell_.post.send(number_, std::move(message), std::move(done));
    });
}

void Bucket::delivered(const Message& message, const InboxAddress& row) {
    Bucket& owner = shell_.bucket(message_bucket(message.name, message.correlation_key, shell_.info.buckets));
    owner.post([&owner, name = message.name, key = message.correlation_key, row] {
        if (owner.held_) owner.desk_.delivered(name, key, row);
        else owner.shell_.signals.tell({Signal::About::messages, owner.number_, {}});
    });
}

void Bucket::look_for_message(std::string name, std::string correlation_key) {
    post([this, name = std::move(name), key = std::move(correlation_key)]() mutable {
        if (held_) desk_.look(std::move(name), std::move(key));
        else shell_.signals.tell({Signal::About::messages, number_, {}});
    });
}

void Bucket::look_into_inbox(std::uint64_t after_arrival) {
    post([this, after_arrival] {
        if (!held_) return;
        if (after_arrival == 0 && inbox_looks_ > 0) {   // one look after this one sees all that is there by now
            inbox_look_again_ = true;
            return;
        }
        ++inbox_looks_;
        read([this, after_arrival] { return shell_.store.inbox(number_, after_arrival, rows_at_once); },
             [this, tenure = tenure_](Result<std::vector<ports::InboxRow>> rows) {
                 if (tenure == tenure_) {
                     if (!rows) shell_.log(LogLevel::error, std::string{"the inbox cannot be read: "} + rows.error().what(), {});
                     else for (const auto& row : *rows) if (!inbox_done_.contains(row.id)) looked_up_[0].insert(row.id), take_up(row);
                 }
                 if (--inbox_looks_ == 0) inbox_done_.clear();
                 if (inbox_looks_ == 0 && std::exchange(inbox_look_again_, false)) look_into_inbox();
                 if (tenure != tenure_ || !rows || rows->size() < rows_at_once) return;
                 inbox_rest_ = std::min(inbox_rest_.value_or(rows->back().arrival), rows->back().arrival);
                 go_on_with_inbox();
             });
    });
}

/// Of many rows only so many are at work at a time, and in memory: the others wait in the store.
void Bucket::go_on_with_inbox() {
    if (inbox_rest_ && inbox_.size() < rows_at_once) look_into_inbox(*std::exchange(inbox_rest_, std::nullopt));
}

/// A row that is read while it is consumed must not be taken for a new one.
void Bucket::inbox_is_done(const std::string& id) {
    inbox_.erase(id);
    if (inbox_looks_ > 0) inbox_done_.insert(id);
    go_on_with_inbox();
}

/// What an inbox row says, done by its bucket; the commit of what comes of it consumes the row.
struct Bucket::Receive {
    Bucket& bucket;
    const ports::InboxRow& row;

    void operator()(DeliverMessage& c) const {
        Order order{.instance = c.instance, .command = core::CorrelateMessage{core::WaitKey{c.wait}, c.message.message_id, c.message.payload}};
        order.message = std::move(c.message);
        process(std::move(order));
    }
    void operator()(ReturnMessage& c) const { publish(std::move(c.message), true); }
    void operator()(HostPublish& c) const { publish(std::move(c.message), false); }
    void operator()(StartByMessage& c) const {
        core::StartInstance start{c.version, {}, {}, {}, model::ElementIndex{c.start_event}, std::move(c.message.payload)};
        process_start(Order{.command = std::move(start)});
    }
    void operator()(HostStart& c) const {
        auto order = start_order(bucket.shell_.definitions, std::move(c.request));
        if (order) return process_for_host(std::move(*order), "start");
        refuse("start", order.error().what());
        consume();
    }
    void operator()(HostCompleteTask& c) const {
        auto request = completion_row(c.task, c.request);
        within(c.task.value, "user task", complete_task(c.task, std::move(c.request)), std::move(request));
    }
    void operator()(HostCompleteJob& c) const {
        within(c.job.value, "job", core::CompleteJob{core::element_of(c.job), std::move(c.result)}, {});
    }

    void operator()(ForwardedCommand& c) const {
        Order order{.instance = c.instance, .command = std::move(c.command)};
        order.is_letter = true;
        order.from_outside = !c.from.node.empty();
        order.reply_to = std::move(c.from);
        if (!c.request_id.empty()) order.request = ports::RequestRow{std::move(c.request_id), std::move(c.request_hash), {}, {}};
        order.instance ? process(std::move(order)) : process_start(std::move(order));
    }
    void operator()(ForwardedMessage& c) const { publish(std::move(c.message), false, std::move(c.from)); }

    /// Another node may know a version that this one has not heard of yet.
    void process_start(Order order) const {
        const std::string& id = std::get<core::StartInstance>(order.command).definition;
        order.version = bucket.shell_.definitions.by_id(id);
        if (order.version) return process(std::move(order));
        bucket.read([&b = bucket] { return b.shell_.definitions.load(b.shell_.store.deployments()), true; },
                    [&b = bucket, row = row, order = std::move(order), tenure = bucket.tenure_](const Result<bool>& loaded) mutable {
                        if (tenure != b.tenure_) return;
                        if (!loaded) return b.inbox_is_done(row.id);   // the store is away: looked at again later
                        order.version = b.shell_.definitions.by_id(std::get<core::StartInstance>(order.command).definition);
                        Receive{b, row}.process(std::move(order));
                    });
    }

    /// A command for something within an instance: the row that made it names the instance.
    void within(std::uint64_t key, std::string_view what, core::Command command, std::optional<ports::RequestRow> request) const {
        const core::Position made = core::created_at(core::ElementKey{key});
        Order order{.command = std::move(command)};
        order.request = std::move(request);
        bucket.read([&b = bucket, made] { return b.shell_.store.journal_of_bucket(made.bucket, made.sequence, 1); },
                    [&b = bucket, row = row, what, made, order = std::move(order),
                     tenure = bucket.tenure_](Result<std::vector<ports::JournalRow>> found) mutable {
                        if (tenure != b.tenure_) return;
                        const Receive again{b, row};
                        if (!found) return b.inbox_is_done(row.id);   // the store is away: looked at again later
                        if (!found->empty() && found->front().position == made) {
                            order.instance = found->front().instance;
                            return again.process_for_host(std::move(order), what);
                        }
                        again.refuse(what, "there is none with this key");
                        again.consume();
                    });
    }
    /// The host has committed long ago and nobody waits for the answer: what is refused, an operator must be able to find.
    void process_for_host(Order order, std::string_view what) const {
        order.done = [&b = bucket, row = row, what](const OrderResult& result) {
            if (const auto* rejection = std::get_if<core::Rejection>(&result)) Receive{b, row}.refuse(what, rejection->message);
            else if (const auto* error = std::get_if<Error>(&result)) Receive{b, row}.refuse(what, error->what());
        };
        process(std::move(order));
    }
    void refuse(std::string_view what, const std::string& why) const {
        bucket.shell_.log(LogLevel::error, "a " + std::string{what} + " that the host recorded (inbox row " + row.id + ") is refused: " + why, {});
    }
    void process(Order order) const {
        if (!order.instance && !order.version) return consume();
        order.inbox_id = row.id;
        ++bucket.queued_;
        bucket.process(std::move(order));
    }
    void publish(Message message, bool came_back, ReturnAddress from = {}) const {
        bucket.desk_.publish({std::move(message), [&b = bucket, id = row.id](const Result<Published>&) { b.inbox_is_done(id); }, row.id,
                              std::move(from), came_back});
    }
    void consume() const {
        ports::Batch rows;
        rows.inbox_consumed.emplace_back(bucket.number_, row.id);
        bucket.commit_rows(std::move(rows), [&b = bucket, id = row.id](const Result<void>&) { b.inbox_is_done(id); });
    }
};

void Bucket::receive(ports::InboxRow row) {
    post([this, row = std::move(row)] {
        if (!held_) return shell_.signals.tell({Signal::About::inbox, number_, {}});
        // What others may have taken up and done before the bucket came here is looked for in the store.
        if (shell_.signals.has_company() || row.sent <= begun_) look_into_inbox();
        else if (inbox_.size() >= 2 * rows_at_once) inbox_rest_ = 0;   // it waits in the store with the others
        else if (!looked_up_[0].contains(row.id) && !looked_up_[1].contains(row.id)) take_up(row);   // a look was faster, and it may be done
    });
}

void Bucket::take_up(const ports::InboxRow& row) {
    if (!held_ || !inbox_.insert(row.id).second) return;   // it is at work already
    try {
        auto command = decode_inbox(row.command);
        std::visit(Receive{*this, row}, command);
    } catch (const std::exception& error) {
        shell_.log(LogLevel::error, std::string{"an inbox row cannot be read and is left: "} + error.what(), {});
    }
}

/// Written with what the order did, for the node that sent it.
void Bucket::reply(const Order& order, const OrderResult& result, ports::Batch& rows) const {
    if (order.reply_to.node.empty()) return;
    const auto answer = std::visit([](const auto& what) { return Answer{what}; }, result);
    rows.replies.push_back({order.reply_to.node, order.reply_to.id, encode(answer), shell_.now()});
}

/// The order came from the inbox and is answered without a decision: its row goes before the answer is let out.
void Bucket::dismiss(Order order, OrderResult result) {
    ports::Batch rows;
    rows.inbox_consumed.emplace_back(number_, order.inbox_id);
    reply(order, result, rows);
    commit_rows(std::move(rows), [this, order = std::move(order), result = std::move(result)](const Result<void>&) mutable { answer(order, std::move(result)); });
}

/// The order came from the inbox and was refused: its row is consumed all the same, and the message that it carried goes back.
void Bucket::send_back(Order order, const core::Rejection& why) {
    ports::Batch rows;
    rows.inbox_consumed.emplace_back(number_, order.inbox_id);
    reply(order, why, rows);
    if (order.message) {
        Message message = *order.message;
        if (why.rule == "suspended") message.time_to_live = std::max(message.time_to_live, while_suspended);
        const auto owner = message_bucket(message.name, message.correlation_key, shell_.info.buckets);
        rows.inbox.push_back({owner, order.inbox_id + "/back", encode(ReturnMessage{std::move(message)}), shell_.now()});
    } else if (!order.is_letter) {
        shell_.log(LogLevel::warning, "what the inbox wanted is refused: " + why.message, order.instance);
    }
    const auto kept = std::make_shared<Order>(std::move(order));
    commit_rows(std::move(rows), [this, kept, why](const Result<void>&) { answer(*kept, why); }, [this, kept] { process(std::move(*kept)); });
}

}  // namespace kontor::runtime

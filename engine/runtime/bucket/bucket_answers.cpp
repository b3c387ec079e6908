// How orders are answered, and the rows of the inbox that some of them came with.
#include "runtime/bucket/bucket.hpp"
#include "runtime/mail/letters.hpp"
#include "runtime/mail/post_office.hpp"
#include "runtime/mail/signals.hpp"

#include <algorithm>

namespace kontor::runtime {
namespace {

/// How long a message that was given to a suspended instance is kept for it.
constexpr Duration while_suspended = std::chrono::hours{24 * 30};

}  // namespace

void Bucket::answer(Order& order, OrderResult result) {
    --queued_;
    const std::string inbox_id = order.inbox_id;
    if (!inbox_id.empty()) inbox_.is_done(inbox_id);
    if (order.message) delivered(*order.message, {number_, inbox_id});
    if (auto done = std::exchange(order.done, nullptr)) done(std::move(result));
    request_is_done(order);
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

/// It could not be carried out. Who sent a letter is told; the row of another order stays, and is looked at again.
void Bucket::fail(Order order, const Error& why) { order.is_letter ? dismiss(std::move(order), why) : answer(order, why); }

/// Answered without a decision: the row that it came with goes before the answer is let out.
void Bucket::dismiss(Order order, OrderResult result) {
    if (order.inbox_id.empty()) return answer(order, std::move(result));
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

/// Written with what the order did, for the node that sent it.
void Bucket::reply(const Order& order, const OrderResult& result, ports::Batch& rows) const {
    if (order.reply_to.node.empty()) return;
    const auto answer = std::visit([](const auto& what) { return Answer{what}; }, result);
    rows.replies.push_back({order.reply_to.node, order.reply_to.id, encode(answer), shell_.now()});
}

void Bucket::tell_reply(const std::string& node) const {
    if (node == shell_.node) shell_.post.look();   // the bucket has come here since
    else shell_.signals.tell({Signal::About::replies, 0, node});
}

}  // namespace kontor::runtime

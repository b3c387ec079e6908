#pragma once
/// Messages of one bucket: who waits for them, which ones wait, which were seen before.
#include "ports/store.hpp"
#include "runtime/mail/inbox.hpp"

#include <kontor/options.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace kontor::runtime {

class Bucket;

/// Bucket and id of a row of the inbox.
using InboxAddress = std::pair<std::uint32_t, std::string>;

/// The bucket that owns all messages and subscriptions of a name and key.
std::uint32_t message_bucket(std::string_view name, std::string_view correlation_key, std::uint32_t buckets);

/// The row that a message makes in an inbox: no two have the same, whatever signs are in their parts.
std::string message_row(std::string_view prefix, std::string_view name, std::string_view correlation_key, std::string_view id);

/// Throws Error{bad_input} for a message without a name, or larger than a variable may be.
void require_deliverable(const Message&);

/// Works through its requests one after the other, each with its own commit, so that none overtakes another. On its bucket's strand.
class MessageDesk {
public:
    explicit MessageDesk(Bucket& bucket) : bucket_{bucket} {}

    struct Publish {
        Message message{};
        std::function<void(Result<Published>)> done{};
        std::string inbox_id{};     ///< of the inbox row that it came with, consumed with it
        ReturnAddress reply_to{};   ///< of one that another node has sent
        bool came_back = false;     ///< from an instance that no longer wanted it
        bool after_kept = false;    ///< those that are kept need not be served before
    };
    void publish(Publish);
    /// The bucket is here.
    void open() noexcept { closed_ = false; }
    /// Takes no more; what has not begun is refused.
    void close();
    /// Somebody has sent a message to an instance before the bucket came here.
    void expect(const std::string& name, const std::string& correlation_key, const InboxAddress& row) {
        on_the_way_[{name, correlation_key}].deliveries.insert(row);
    }
    /// Another node gets the bucket, and what has not begun.
    void leave();
    /// A delivery has reached its instance, or has not: what came after it can be decided.
    void delivered(const std::string& name, const std::string& correlation_key, const InboxAddress& row);
    /// Looks for a kept message for a new subscription.
    void look(std::string name, std::string correlation_key);
    /// Looks for what other nodes may have done: subscriptions for messages that are kept, deliveries that have arrived.
    void look_after();

private:
    struct Look {
        std::string name;
        std::string correlation_key;
    };
    struct Found;
    /// What becomes of a message, and the rows that say so.
    struct Verdict {
        Published published = Published::buffered;
        ports::Batch rows{};
        std::optional<InboxAddress> delivery{};   ///< the row that takes it to the one who waits
    };

    struct OnTheWay {
        std::set<InboxAddress> deliveries{};
        std::deque<Publish> after{};
    };

    void next();
    void finished();
    void read(const std::string& name, const std::string& key, const std::string& id, std::function<void(Result<Found>)> then);
    void deliver(Publish, Result<Found>);
    [[nodiscard]] Verdict judge(const Publish&, const Found&);
    void answer(const Publish&, Result<Published>);
    void deliver_kept(const Result<Found>&, std::optional<Publish> then);
    void read_what_others_did();
    void pass_on(Publish);
    /// The commit failed, and with it what was asked for.
    void fail(Publish, const Error& why);

    Bucket& bucket_;
    std::deque<std::variant<Publish, Look>> waiting_;
    /// By name and key. Whether the one who gets a message waits for more of them is known when he has it.
    std::map<std::pair<std::string, std::string>, OnTheWay> on_the_way_;
    bool look_after_ = false;       ///< before the next request
    bool busy_ = false;
    bool closed_ = false;
    std::uint64_t unnamed_ = 0;     ///< messages that came without an id
};

}  // namespace kontor::runtime

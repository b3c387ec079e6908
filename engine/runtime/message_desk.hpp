#pragma once
/// Messages of one bucket: who waits for them, which ones wait, which were seen before.
#include "ports/rows.hpp"

#include <kontor/options.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace kontor::runtime {

class Bucket;

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
        bool came_back = false;     ///< from an instance that no longer wanted it
        bool after_kept = false;    ///< those that are kept need not be served before
    };
    void publish(Publish);
    /// Takes no more; what has not begun is refused.
    void close();
    /// A delivery has reached its instance, or has not: what came after it can be decided.
    void delivered(const std::string& name, const std::string& correlation_key);
    /// Looks for a kept message for a new subscription.
    void look(std::string name, std::string correlation_key);

private:
    struct Look {
        std::string name;
        std::string correlation_key;
    };
    struct Found;

    struct OnTheWay {
        int deliveries = 0;
        std::deque<Publish> after{};
    };

    void next();
    void finished();
    void read(const std::string& name, const std::string& key, const std::string& id, std::function<void(Result<Found>)> then);
    void deliver(Publish, Result<Found>);
    void deliver_kept(const Result<Found>&, std::optional<Publish> then);

    Bucket& bucket_;
    std::deque<std::variant<Publish, Look>> waiting_;
    /// By name and key. Whether the one who gets a message waits for more of them is known when he has it.
    std::map<std::pair<std::string, std::string>, OnTheWay> on_the_way_;
    bool busy_ = false;
    bool closed_ = false;
    std::uint64_t unnamed_ = 0;     ///< messages that came without an id
};

}  // namespace kontor::runtime

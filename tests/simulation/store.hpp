#pragma once
/// A store in memory that fails on demand: its commits are refused by the fence, die before or after they are durable, or in the middle.
#include "core/event.hpp"
#include "journal/chain.hpp"

#include <map>
#include <string>
#include <vector>

namespace kontor::simulation {

struct Row {
    core::Position position;
    InstanceKey instance;
    std::string bytes;
    journal::Link link;
};
struct Message {
    std::string id;
    std::string name;
    std::string key;
    Value payload;
};
struct Batch {
    std::uint32_t bucket = 0;
    std::uint64_t epoch = 0;
    std::uint64_t start = 0;
    std::vector<Row> rows;
    std::map<std::string, InstanceKey> requests;    ///< results by request id
    std::vector<std::string> consumed;              ///< ids of messages that found their instance
    [[nodiscard]] std::uint64_t end() const { return start + rows.size(); }
};
struct Lease {
    std::uint64_t epoch = 0;
    std::uint64_t next = 1;
    Instant until{};
};

enum class Fault { none, before, torn, after };
enum class Commit { done, fenced, unknown };

class Store {
public:
    Commit commit(const Batch&, Fault);
    /// Gives the bucket to a new owner; the epoch of the old one is over.
    Lease take(std::uint32_t bucket, Instant until);
    bool renew(std::uint32_t bucket, std::uint64_t epoch, Instant until);
    [[nodiscard]] const Lease& lease(std::uint32_t bucket) { return buckets_[bucket].lease; }

    void publish(std::uint32_t bucket, Message);
    [[nodiscard]] const std::map<std::string, Message>& messages(std::uint32_t bucket) { return buckets_[bucket].messages; }
    [[nodiscard]] const std::map<std::string, InstanceKey>& requests(std::uint32_t bucket) { return buckets_[bucket].requests; }
    std::uint64_t fenced = 0;                       ///< commits that the fence refused
    [[nodiscard]] const std::map<InstanceKey, std::vector<Row>>& journal(std::uint32_t bucket) { return buckets_[bucket].journal; }

private:
    struct Bucket {
        Lease lease;
        std::map<InstanceKey, std::vector<Row>> journal;
        std::map<std::string, Message> messages;
        std::map<std::string, InstanceKey> requests;
        std::map<std::string, bool> seen;   ///< ids of all messages, for ever
    };
    std::map<std::uint32_t, Bucket> buckets_;
};

}  // namespace kontor::simulation

#pragma once
/// A fleet of services that are slow, fail, lose replies, send them late and twice; but keep their contracts. Each keeps a ledger by
/// idempotency key, which is what the checks at the end believe.
#include "model/element.hpp"
#include "simulation/node.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>

namespace kontor::simulation {

/// What the fleet knows of the world around it.
struct Customers {
    Time& time;
    Database& database;
    std::function<model::Contract(const ServiceCall&)> contract_of;
    /// Of any engine that runs: whoever has the key of a call finds one to tell.
    std::function<std::shared_ptr<Life>()> anybody;
    /// A deferred call was completed, and somebody was told that this is durable.
    std::function<void(JobKey)> completed;
};

class Fleet {
public:
    struct Entry {
        std::string service;
        std::set<JobKey> jobs;                 ///< that called with this key
        unsigned calls = 0;
        unsigned effects = 0;
        std::optional<std::string> error;      ///< its business error
        Variables result;
    };

    Fleet(Customers customers, std::uint64_t seed) : customers_{std::move(customers)}, random_{seed} {}

    /// The bindings of an engine: its connections to the fleet.
    std::vector<Binding> connect(Life&);
    void be_good() { good_ = true; }
    [[nodiscard]] const std::map<std::string, Entry>& ledger() const noexcept { return ledger_; }
    /// Calls that an engine made of a bucket that another had taken meanwhile, and that something other than a store has to prevent.
    [[nodiscard]] std::uint64_t ghosts() const noexcept { return ghosts_; }

private:
    class Line;

    void call(Life&, const ServiceCall&, const Reply&);
    void query(const ServiceCall&, const Reply&);
    void refuse(const ServiceCall&, const Reply&, std::uint64_t mood);
    void answer_later(const ServiceCall&, const Reply&, bool ever);
    void work(model::Contract, Entry&);
    static void say(const Reply&, const Entry&);
    void require_durable(const ServiceCall&, model::Contract) const;
    Duration milliseconds(std::uint64_t low, std::uint64_t high) { return Duration{static_cast<std::int64_t>(random_.between(low, high))}; }

    Customers customers_;
    test::Random random_;
    bool good_ = false;
    std::uint64_t ghosts_ = 0;
    std::map<std::string, Entry> ledger_;
};

}  // namespace kontor::simulation

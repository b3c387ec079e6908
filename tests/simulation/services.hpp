#pragma once
/// A fleet of services that are slow, fail, lose replies, send them late and twice; but keep their contracts. Each keeps a ledger by
/// idempotency key, which is what the checks at the end believe.
#include "core/command.hpp"
#include "model/element.hpp"
#include "processes/random.hpp"
#include "simulation/clock.hpp"

#include <functional>
#include <map>
#include <set>

namespace kontor::simulation {

struct Call {
    std::string service;
    model::Contract contract{};
    std::string key;
    core::ElementKey job;
    std::uint32_t attempt = 1;
    Variables input;
};

class Fleet {
public:
    struct Entry {
        std::string service;
        std::set<core::ElementKey> jobs;       ///< that called with this key
        Variables input;
        unsigned calls = 0;
        unsigned effects = 0;
        std::optional<std::string> error;      ///< its business error
        Value result;
    };
    /// Through the connection of the call: an answer gets lost when the caller is gone.
    using Reply = std::function<void(core::Command)>;

    Fleet(Clock& clock, std::uint64_t seed) : clock_{clock}, random_{seed} {}

    /// `later` is how somebody answers who only has the job's key: it finds whoever owns the instance then.
    void call(const Call&, const Reply& reply, const Reply& later);
    void query(const Call&, const Reply& reply);
    void be_good() { good_ = true; }
    [[nodiscard]] const std::map<std::string, Entry>& ledger() const noexcept { return ledger_; }

private:
    void work(const Call&, Entry&);
    [[nodiscard]] core::Command answer(const Call&, const Entry&) const;
    Duration milliseconds(std::uint64_t low, std::uint64_t high) { return Duration{static_cast<std::int64_t>(random_.between(low, high))}; }

    Clock& clock_;
    test::Random random_;
    bool good_ = false;
    std::map<std::string, Entry> ledger_;
};

/// How long a node waits for an answer.
inline constexpr Duration call_timeout = std::chrono::seconds{30};

}  // namespace kontor::simulation

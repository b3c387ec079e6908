#pragma once
/// What the engine does to an adapter: starts it, calls, waits for answers, takes late ones.
#include "outcomes/text.hpp"

#include <kontor/amqp.hpp>

#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace kontor::test {

/// An engine with secrets, which makes late answers durable when the test says so.
class FakeEngine final : public Inbound {
public:
    std::map<std::string, std::string, std::less<>> secrets{};
    void publish(Message, std::function<void(Result<Published>)>) override {}
    Reply reply_to(std::string_view idempotency_key, int attempt) override;
    std::string secret(std::string_view name) override;

    struct Late {
        std::string text{};            ///< `k-1/2 done {"a":1}`
        Reply::AfterCommit after_commit{};
    };
    /// The next late answer; fails the test after twenty seconds.
    Late late();

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Late> late_;
};

/// A running adapter.
class Caller {
public:
    explicit Caller(AmqpOptions options, std::map<std::string, std::string, std::less<>> secrets = {});
    ~Caller();

    /// The outcome as text: `done {"a":1}`, `failed WHY`, `later 60000 WHY`, `permanent WHY`, `unknown WHY`, `never happened`,
    /// `business CODE MESSAGE {"a":1}`. Its commit is told at once.
    std::future<std::string> begin(ServiceCall::Content content);
    std::future<std::string> begin_query(ServiceCall::Content content);

    FakeEngine engine{};
    std::shared_ptr<Adapter> adapter;
};

/// A call of a service, with a deadline in half a minute. Keys end in the job, as the engine's do.
ServiceCall::Content call_of(const std::string& service, std::uint64_t job = 7, int attempt = 1);
/// Fails the test if it takes more than twenty seconds.
std::string wait_for(std::future<std::string>& answer);

}  // namespace kontor::test

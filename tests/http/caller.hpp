#pragma once
/// What the engine does to an adapter: starts it, calls, waits for the answers.
#include "outcomes/text.hpp"

#include <kontor/http.hpp>

#include <future>
#include <map>
#include <string>

namespace kontor::test {

/// An engine with secrets.
class Secrets final : public Inbound {
public:
    std::map<std::string, std::string, std::less<>> known{};
    void publish(Message, std::function<void(Result<Published>)>) override {}
    Reply reply_to(std::string_view, int) override { return ports::make_reply([](const ports::CallOutcome&) {}); }
    std::string secret(std::string_view name) override;
};

/// A running adapter.
class Caller {
public:
    explicit Caller(HttpOptions options);
    ~Caller();

    /// The outcome as text: `done {"a":1}`, `failed WHY`, `later 60000 WHY`, `permanent WHY`, `unknown WHY`, `never happened`,
    /// `deferred 60000`, `business CODE MESSAGE {"a":1}`. Waits.
    std::string call(ServiceCall::Content content = {});
    std::string query(ServiceCall::Content content = {});
    std::future<std::string> begin(ServiceCall::Content content = {});
    std::future<std::string> begin_query(ServiceCall::Content content = {});

    Secrets secrets{};
    std::shared_ptr<Adapter> adapter;
};

/// With the fields that every call has.
ServiceCall::Content example_call();
/// Fails the test if it takes more than ten seconds.
std::string wait_for(std::future<std::string>& answer);

}  // namespace kontor::test

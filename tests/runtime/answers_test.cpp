// Answers that come from somewhere that keeps them: told when they are durable, and taken after a restart.
#include <kontor/kontor.hpp>
#include <kontor/testing.hpp>

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace kontor;

namespace {

/// Keeps calls and replies for the test to answer.
struct Postbox final : Adapter {
    Inbound* inbound = nullptr;
    std::vector<std::pair<ServiceCall, Reply>> calls{};
    void start(Inbound& engine) override { inbound = &engine; }
    void invoke(ServiceCall call, Reply reply) override { calls.emplace_back(std::move(call), std::move(reply)); }
    void stop(Instant) override { inbound = nullptr; }
};

constexpr const char* one_step = R"(
kontor: 1
process: one-step
variables:
  got: { type: any }
services:
  slow.work: { contract: unsafe, timeout: PT1H }
flow:
  - startEvent: begun
  - serviceTask: work
    service: slow.work
    output: { got: = result.n }
  - endEvent: done
)";

/// What Reply::then() was told.
struct Told {
    std::string text = "nothing";
    Reply::AfterCommit hook() {
        return [this](const Result<void>& result) { text = result ? "durable" : std::string{to_string(result.error().code())}; };
    }
};

struct Fixture {
    std::shared_ptr<Postbox> postbox = std::make_shared<Postbox>();
    testing::Engine engine{{.services = {{"slow.*", postbox}}}};
    InstanceKey key{};
    Fixture() {
        engine.deploy({yaml_text(one_step, "one-step.yaml")});
        engine.run();
        key = engine.start({.process = "one-step"}).key;
        engine.advance({});
    }
    /// `n` of the ended instance; nothing if it runs.
    std::optional<std::string> got() {
        const auto outcome = engine.wait_for(key, {});
        if (!outcome) return std::nullopt;
        return std::get<Completed>(*outcome).variables.get<std::string>("got");
    }
};

}  // namespace

TEST_CASE("an answer is told to be durable once it is, and a second one to come too late") {
    Fixture f;
    REQUIRE(f.postbox->calls.size() == 1);
    Told first, second;
    const Reply reply = f.postbox->calls[0].second;
    reply.then(first.hook()).complete({{"n", "one"}});
    reply.then(second.hook()).complete({{"n", "two"}});
    f.engine.advance({});
    CHECK(f.got() == "one");
    CHECK(first.text == "durable");
    CHECK(second.text == "conflict");
}

TEST_CASE("an answer that comes after a restart belongs to the call that was lost") {
    Fixture f;
    REQUIRE(f.postbox->calls.size() == 1);
    const std::string call{f.postbox->calls[0].first.idempotency_key()};
    f.postbox->calls.clear();
    f.engine.restart();
    f.engine.advance({});
    REQUIRE(f.postbox->inbound);
    REQUIRE(f.engine.incidents({}).items.size() == 1);   // unsafe: nobody knows

    Told foreign, unknown, done, late;
    f.postbox->inbound->reply_to("other-store-" + call.substr(call.rfind('-') + 1), 1).then(foreign.hook()).complete({{"n", "foreign"}});
    f.postbox->inbound->reply_to(call, 1).then(unknown.hook()).unknown("unreadable");
    f.engine.advance({});
    CHECK(foreign.text == "not-found");
    CHECK(unknown.text == "durable");
    CHECK_FALSE(f.got());

    f.postbox->inbound->reply_to(call, 1).then(done.hook()).complete({{"n", "late"}});
    f.engine.advance({});
    CHECK(f.got() == "late");
    CHECK(done.text == "durable");
    CHECK(f.engine.incidents({}).items.empty());

    f.postbox->inbound->reply_to(call, 1).then(late.hook()).complete({{"n", "again"}});
    f.engine.advance({});
    CHECK(late.text == "conflict");
}

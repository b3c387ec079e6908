#include "sandbox/from_yaml.hpp"

#include "sandbox/mock_world.hpp"
#include "sandbox/sandbox.hpp"
#include "sandbox/trail.hpp"

#include <kontor/error.hpp>

using namespace kontor;
using namespace kontor::sandbox;
using namespace std::chrono_literals;

namespace {

constexpr Instant nine_o_clock{std::chrono::seconds{1'772'442'000}};   // 2026-03-02T09:00:00Z

/// A sandbox with mocks, and what happened in it.
struct Bench {
    yaml::Mocks mocks;
    MockWorld world{mocks, MockWorld::Unmocked::answer_nothing, MockWorld::Untold::wait};
    Sandbox box;
    Trail trail;

    explicit Bench(const std::string& process, const std::string& mock_text = "kontor: 1\nmocks: {}\n")
        : mocks{test::mocks(mock_text)}, box{test::deployed(process), world, nine_o_clock} {
        box.observe([this](const core::Record& record, const model::Definition& definition, const core::State&) { trail.follow(record, definition); });
    }
    InstanceKey start(Variables variables = {}) {
        const auto key = box.start("p", {"", "", std::move(variables), {}, {}, {}});
        box.settle();
        return key;
    }
    bool ended(InstanceKey key) const { return box.state(key).ended(); }
    std::vector<std::string> path() const { return path_of(trail, {}); }
};

const std::string waits_for_message = R"(kontor: 1
process: p
variables:
  order: { type: string, required: true }
  payment: { type: any }
messages:
  paid: { correlationKey: = order }
flow:
  - startEvent: ordered
  - serviceTask: pack
    service: pack
  - receiveTask: await-payment
    message: paid
    output: payment
  - endEvent: done
)";

}  // namespace

SCENARIO("a message that comes early is kept until somebody waits for it") {
    Bench bench{waits_for_message, "kontor: 1\nmocks: { services: { pack: { after: PT1H, result: {} } } }\n"};
    const auto key = bench.start({{"order", "A-1"}});
    CHECK(bench.box.publish({"paid", "A-1", Variables{{"amount", 5}}, {}, {}}) == Delivery::kept);
    CHECK(bench.box.publish({"paid", "A-2", {}, {}, {}}) == Delivery::kept);
    CHECK(bench.box.buffered() == 2);
    bench.box.advance(1h);
    CHECK(bench.ended(key));
    CHECK(bench.box.buffered() == 1);
    CHECK(*bench.box.state(key).scope(core::root_of(key)).variables.find("payment") == Value{Variables{{"amount", 5}}});
}

SCENARIO("a message with a time to live is gone after it") {
    Bench bench{waits_for_message, "kontor: 1\nmocks: { services: { pack: { after: PT1H, result: {} } } }\n"};
    const auto key = bench.start({{"order", "A-1"}});
    CHECK(bench.box.publish({"paid", "A-1", {}, Duration{59min}, {}}) == Delivery::kept);
    bench.box.advance(2h);
    CHECK_FALSE(bench.ended(key));
}

SCENARIO("a message without a key fits any instance, and the longest waiting one gets it") {
    Bench bench{waits_for_message};
    const auto first = bench.start({{"order", "A-1"}});
    const auto second = bench.start({{"order", "A-2"}});
    CHECK(bench.box.publish({"paid", {}, {}, {}, {}}) == Delivery::taken);
    CHECK(bench.ended(first));
    CHECK_FALSE(bench.ended(second));
}

SCENARIO("a restart at any moment changes nothing") {
    Bench bench{waits_for_message, "kontor: 1\nmocks: { services: { pack: { after: PT1H, result: {} } } }\n"};
    const auto key = bench.start({{"order", "A-1"}});
    const auto before = bench.box.state(key);
    bench.box.restart();
    CHECK(bench.box.state(key) == before);
    bench.box.advance(1h);
    bench.box.restart();
    CHECK(bench.box.publish({"paid", "A-1", {}, {}, {}}) == Delivery::taken);
    CHECK(bench.ended(key));
    bench.box.restart();
    CHECK(bench.ended(key));
}

SCENARIO("a call without an answer in time is tried again, with the same key") {
    Bench bench{R"(kontor: 1
process: p
services:
  slow: { contract: idempotent, timeout: PT10S }
flow:
  - startEvent: begin
  - serviceTask: ask
    service: slow
    retry: { attempts: 2, backoff: PT1S }
  - endEvent: done
)",
                "kontor: 1\nmocks: { services: { slow: [{ after: PT1H, result: {} }, { after: PT1S, result: {} }] } }\n"};
    const auto key = bench.start();
    bench.box.advance(1min);
    CHECK(bench.ended(key));
    REQUIRE(bench.world.calls().size() == 2);
    CHECK(bench.world.calls()[0].idempotency_key == bench.world.calls()[1].idempotency_key);
}

SCENARIO("a timer that repeats for ever comes to the limit, not to a hang") {
    Bench bench{R"(kontor: 1
process: p
flow:
  - startEvent: begin
  - userTask: wait
    boundaryEvents:
      - timer: R/PT1S
        interrupting: false
        flow:
          - endEvent: reminded
  - endEvent: done
)"};
    bench.box.limit(500);
    const auto key = bench.start();
    while (bench.box.advance_to_next()) {
    }
    CHECK(bench.box.exhausted());
    CHECK_FALSE(bench.ended(key));
    CHECK(bench.box.now() > nine_o_clock + 60s);
}

SCENARIO("a message can start a process") {
    Bench bench{R"(kontor: 1
process: p
variables: { who: { type: string } }
messages: { asked: {} }
flow:
  - startEvent: asked-for
    message: asked
    output: { who: = result.who }
  - endEvent: done
)"};
    CHECK(bench.box.publish({"asked", {}, Variables{{"who", "Ana"}}, {}, {}}) == Delivery::started);
    REQUIRE(bench.trail.newest());
    CHECK(*bench.box.state(bench.trail.newest()).scope(core::root_of(bench.trail.newest())).variables.find("who") == Value{"Ana"});
    CHECK_THROWS_AS(bench.box.start("p", {}), Error);
    CHECK_THROWS_AS(bench.box.start("q", {}), Error);
}

SCENARIO("a subprocess in YAML works on variables of its own and hands one of them on") {
    const auto definitions = test::deployed(R"(kontor: 1
process: p
variables:
  amount: { type: number, required: true }
  total:  { type: number }
flow:
  - startEvent: begin
  - subProcess: double
    input: { amount: = amount * 2, note: new }
    output: { total: = amount }
    flow:
      - scriptTask: add
        output: { amount: = amount + 1, note: = note + "er" }
  - endEvent: done
)");
    const yaml::Mocks none;
    MockWorld world{none, MockWorld::Unmocked::answer_nothing, MockWorld::Untold::complete};
    Sandbox box{definitions, world, Instant{}};
    core::StartInstance request;
    request.variables = {{"amount", 5}};
    const auto key = box.start("p", request);
    REQUIRE(box.state(key).ended());
    const auto& variables = box.state(key).scope(core::root_of(key)).variables;
    CHECK(variables == Variables{{"amount", 5}, {"total", 11}});
}

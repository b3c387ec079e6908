// Messages for instances that are suspended.
#include <kontor/kontor.hpp>
#include <kontor/testing.hpp>

#include <catch2/catch.hpp>

using namespace kontor;

SCENARIO("a message with an id that comes while its instance is suspended arrives when it is resumed") {
    testing::Engine engine{{}};
    engine.deploy({yaml_text(R"(
kontor: 1
process: paying
variables:
  loan: { type: string, required: true }
messages:
  paid: { correlationKey: = loan }
flow:
  - startEvent: begun
  - intermediateCatchEvent: wait-for-payment
    message: paid
  - endEvent: done
)", "paying.yaml")});
    engine.run();
    const auto key = engine.start({.process = "paying", .variables = {{"loan", "L-1"}}}).key;
    engine.suspend(key, {"bob"}, "audit");
    const bool restarts = GENERATE(false, true);
    CHECK(engine.publish({.name = "paid", .correlation_key = "L-1", .message_id = "m-1"}) == Published::correlated);
    if (restarts) engine.restart();
    CHECK(engine.publish({.name = "paid", .correlation_key = "L-1", .message_id = "m-1"}) == Published::duplicate);
    engine.resume(key, {"bob"});
    engine.advance(Duration{1000});
    CHECK(engine.find(key)->state == State::completed);
}

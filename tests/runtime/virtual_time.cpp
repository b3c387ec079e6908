// The real runtime on one thread, its clock moved by the test.
#include <kontor/kontor.hpp>
#include <kontor/testing.hpp>

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::literals;
using namespace std::chrono_literals;

namespace {

Source retrying_process() {
    return yaml_text(R"(
kontor: 1
process: loan
variables:
  amount: { type: number, required: true }
  price: { type: number }
services:
  property.value: { contract: idempotent, timeout: P3D }
  notify.client: { contract: idempotent }
flow:
  - startEvent: asked
  - serviceTask: value-property
    service: property.value
    input: { amount: = amount }
    output: { price: = result.price }
    retry: { attempts: 3, backoff: PT1M }
    boundaryEvents:
      - timer: P1D
        id: reminder
        interrupting: false
        flow:
          - sendTask: remind
            service: notify.client
          - endEvent: reminded
  - endEvent: valued
)", "loan.yaml");
}

}  // namespace

SCENARIO("a host tests its handlers in the process, in virtual time") {
    int tries = 0;
    JobKey job;
    testing::Engine engine{{.services = {{"property.value",
                                          [&](const ServiceCall& call) -> Answer {
                                              CHECK(call.input().get<Decimal>("amount") == "250000.00"_dec);
                                              CHECK(call.attempt() == tries + 1);
                                              if (++tries < 3) throw std::runtime_error{"down"};
                                              job = call.job();
                                              return Later{72h};
                                          }},
                                         {"notify.client", [](const ServiceCall&) { return Answer{Variables{}}; }}}}};
    const auto deployed = engine.deploy({retrying_process()});
    REQUIRE(deployed.size() == 1);
    CHECK(deployed[0].id == "loan");
    CHECK(deployed[0].version == 1);
    engine.run();
    const auto loan = engine.start({.process = "loan", .business_key = "L-42", .variables = {{"amount", "250000.00"_dec}}});
    CHECK_FALSE(loan.duplicate);

    WHEN("time passes") {
        engine.advance(30h);
        THEN("the call was retried, deferred, and the reminder sent once") {
            CHECK(tries == 3);
            CHECK(engine.waits(loan) == std::vector<std::string>{"value-property"});
            CHECK(engine.calls("notify.client") == 1);
            CHECK(engine.calls("property.value") == 3);
        }
        AND_WHEN("the engine is killed and started again, and the answer comes later") {
            engine.restart();
            engine.advance(10h);
            engine.complete(job, {{"price", "300000"_dec}});
            THEN("the instance ends with it") {
                const auto outcome = engine.wait_for(loan, 1s);
                REQUIRE(outcome);
                const auto* done = std::get_if<Completed>(&*outcome);
                REQUIRE(done);
                CHECK(done->end_event == "valued");
                CHECK(done->variables.get<Decimal>("price") == "300000"_dec);
                CHECK(engine.find(loan)->state == State::completed);
                CHECK(tries == 3);
                CHECK(engine.path(loan) == std::vector<std::string>{"asked", "value-property", "reminder", "remind", "reminded", "valued"});
            }
            AND_THEN("a second answer is refused") {
                try {
                    engine.complete(job, {{"price", 1}});
                    FAIL("taken twice");
                } catch (const Error& error) {
                    CHECK(error.code() == Code::conflict);
                }
            }
        }
    }
}

SCENARIO("the same request id gives the same instance") {
    testing::Engine engine{{.services = {{"*", [](const ServiceCall&) -> Answer { return Later{72h}; }}}}};
    engine.deploy({retrying_process(),
                   yaml_text("kontor: 1\nprocess: two\nvariables:\n  a: { type: number }\n  b: { type: context }\nflow:\n  - startEvent: s\n"
                             "  - manualTask: m\n  - endEvent: e\n", "two.yaml")});
    engine.run();
    const StartRequest request{.process = "loan", .variables = {{"amount", 1}}, .request_id = "web-1"};
    const auto first = engine.start(request);
    const auto second = engine.start(request);
    CHECK(first.key == second.key);
    CHECK(second.duplicate);
    const StartRequest with_two{.process = "two", .variables = {{"a", 1}, {"b", Variables{{"x", 1}, {"y", 2}}}}, .request_id = "web-2"};
    const StartRequest in_another_order{.process = "two", .variables = {{"b", Variables{{"y", 2}, {"x", 1}}}, {"a", 1}}, .request_id = "web-2"};
    CHECK(engine.start(with_two).key == engine.start(in_another_order).key);
    auto other = request;
    other.variables = {{"amount", 2}};
    try {
        engine.start(other);
        FAIL("another content under the same id");
    } catch (const Error& error) {
        CHECK(error.code() == Code::conflict);
    }
    CHECK(engine.instances({.process = "loan"}).items.size() == 1);
}

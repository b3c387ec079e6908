// What becomes of a call whose step is interrupted while nobody knows whether it took effect.
#include "processes/driver.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;
using core::IncidentKind;
using lifecycle::Instance;
using lifecycle::Job;
using model::Contract;

namespace {

/// `pay` can be undone, and a message interrupts it.
model::Definition payment(Contract contract, model::RetryPolicy retry = {.attempts = 3, .backoff = 10s}) {
    return Builder{}
        .path({start("s"), service("pay", {contract, retry}).output("receipt", "result"), end("paid")})
        .boundary("pay", "withdrawn", message("withdrawn"))
        .path({ref("withdrawn"), end("given-up")})
        .compensation("pay", service("refund").input("call", "compensated.idempotencyKey").input("receipt", "receipt"))
        .done();
}

const Variables& input_of_refund(const Driver& run) { return run.job("refund").input; }

}  // namespace

SCENARIO("an interrupted call that took effect is undone before the instance ends") {
    const auto contract = GENERATE(Contract::idempotent, Contract::queryable, Contract::unsafe);
    Driver run{payment(contract)};
    run.start();
    const auto call = run.key("pay");
    run.publish("withdrawn");
    CHECK(run.completed() == "s withdrawn given-up");
    CHECK_FALSE(run.state().ended());   // `pay` is terminating until its outcome is known

    WHEN("its answer comes") {
        run.complete("pay", "receipt-7");
        THEN("it is undone with the receipt that the step would have kept") {
            CHECK(input_of_refund(run).at("receipt") == Value{"receipt-7"});
            CHECK(input_of_refund(run).at("call") == Value{"test-" + call.str()});
            CHECK(run.variable("receipt").is_null());
            run.complete("refund");
            CHECK(run.ended_as(Instance::completed));
        }
    }
    WHEN("the service says that nothing happened, there is nothing to undo") {
        run.fail("pay");
        CHECK(run.undone().empty());
        CHECK(run.ended_as(Instance::completed));
    }
    WHEN("the service answers with a business error, there is nothing to undo") {
        run.return_error("pay", "NO_FUNDS");
        CHECK(run.ended_as(Instance::completed));
    }
}

SCENARIO("an interrupted call without an answer is settled as its contract says") {
    WHEN("it is idempotent, it is repeated with the same key") {
        Driver run{payment(Contract::idempotent)};
        run.start();
        run.publish("withdrawn");
        run.lose("pay");
        CHECK(run.job("pay").state == Job::backing_off);
        run.advance(10s);
        CHECK(run.job("pay").state == Job::calling);
        run.complete("pay");
        run.complete("refund");
        CHECK(run.ended_as(Instance::completed));
    }
    WHEN("it is queryable, the service is asked") {
        Driver run{payment(Contract::queryable)};
        run.start();
        run.publish("withdrawn");
        run.lose("pay");
        CHECK(run.effects<core::QueryService>() == 1);
        const auto took_effect = GENERATE(true, false);
        run.answer_query("pay", took_effect, "receipt-7");
        CHECK(run.active("refund") == took_effect);
    }
    WHEN("it is unsafe, a person finds out") {
        Driver run{payment(Contract::unsafe)};
        run.start();
        run.publish("withdrawn");
        run.lose("pay");
        CHECK(run.incident("pay") == IncidentKind::outcome_unknown);
        CHECK(run.resolve("pay") == "took-effect");
        const auto took_effect = GENERATE(true, false);
        run.resolve("pay", {}, took_effect);
        CHECK(run.active("refund") == took_effect);
        if (took_effect) run.complete("refund");
        CHECK(run.ended_as(Instance::completed));
    }
    WHEN("even the service cannot say, a person finds out") {
        Driver run{payment(Contract::queryable)};
        run.start();
        run.publish("withdrawn");
        run.lose("pay");
        run.answer_query("pay", std::nullopt);
        CHECK(run.incident("pay") == IncidentKind::outcome_unknown);
        run.resolve("pay", {}, true);
        CHECK(run.active("refund"));
    }
}

SCENARIO("a step whose answer could not be kept took effect, and is undone when it is interrupted") {
    Driver run{payment(GENERATE(Contract::idempotent, Contract::unsafe))};
    run.start();
    if (GENERATE(true, false)) run.complete("pay", std::string((1u << 20) + 1, 'x'));
    else run.send(core::LoseAnswer{run.key("pay"), "the store refuses it"});
    REQUIRE(run.incident("pay"));
    run.publish("withdrawn");
    CHECK(run.active("refund"));
}

SCENARIO("a call whose answer could not be kept stays in doubt when it is made again") {
    Driver run{payment(Contract::idempotent)};
    run.start();
    if (GENERATE(true, false)) run.complete("pay", std::string((1u << 20) + 1, 'x'));
    else run.send(core::LoseAnswer{run.key("pay"), "the store refuses it"});
    run.resolve("pay");
    REQUIRE(run.job("pay").state == lifecycle::Job::calling);
    run.publish("withdrawn");
    run.fail("pay");
    CHECK_FALSE(run.state().ended());   // the first attempt took effect, whatever becomes of this one
    run.advance(10s);
    run.complete("pay");
    CHECK(run.active("refund"));
}

SCENARIO("the journal says who found out what became of a call") {
    Driver run{payment(Contract::unsafe)};
    run.start();
    const bool is_settled = GENERATE(true, false);
    if (is_settled) run.publish("withdrawn");
    run.lose("pay");
    run.resolve("pay", {}, GENERATE(true, false));
    const auto& events = run.last_events();
    const auto resolved = std::find_if(events.begin(), events.end(), [](const auto& e) { return std::holds_alternative<core::IncidentResolved>(e); });
    REQUIRE(resolved != events.end());
    CHECK(std::get<core::IncidentResolved>(*resolved).by == "operator");
}

SCENARIO("a call that was lost once stays in doubt until the same key is answered") {
    Driver run{payment(Contract::idempotent)};
    run.start();
    run.lose("pay");
    CHECK(run.job("pay").in_doubt);

    WHEN("it is interrupted while it waits for its next attempt, that attempt is still made") {
        run.publish("withdrawn");
        CHECK_FALSE(run.state().ended());
        run.advance(10s);
        run.complete("pay");
        CHECK(run.active("refund"));
    }
    WHEN("it is interrupted and the next attempt fails, that says nothing about the first one") {
        run.publish("withdrawn");
        run.advance(10s);
        run.fail("pay");
        CHECK_FALSE(run.state().ended());
        run.advance(20s);
        AND_WHEN("all attempts fail, a person has them repeated when the service is well again") {
            run.fail("pay");
            CHECK(run.incident("pay") == IncidentKind::job_exhausted);
            run.resolve("pay");
            run.complete("pay");
            run.complete("refund");
            CHECK(run.ended_as(Instance::completed));
        }
    }
    WHEN("it is interrupted as an incident, it still waits for its outcome") {
        run.advance(10s);
        run.fail_for_good("pay");
        run.publish("withdrawn");
        CHECK(run.incident("pay") == IncidentKind::job_permanent);
        run.resolve("pay");
        run.complete("pay");
        CHECK(run.active("refund"));
    }
}

SCENARIO("an error for exhausted attempts does not forget that one may have taken effect") {
    auto process = Builder{}
                       .path({start("s"), service("pay", {Contract::idempotent, {.attempts = 1, .on_exhausted = "DOWN"}}), end("paid")})
                       .boundary("pay", "down", error({"DOWN"}))
                       .path({ref("down"), end("refused")})
                       .compensation("pay", service("refund"))
                       .done();
    Driver run{process};
    run.start();
    WHEN("the last attempt was lost, the error goes its way and a person settles the call") {
        run.lose("pay");
        CHECK(run.completed() == "s down refused");
        CHECK(run.incident("pay") == IncidentKind::job_exhausted);
        run.resolve("pay");
        run.complete("pay");
        run.complete("refund");
        CHECK(run.ended_as(Instance::completed));
    }
    WHEN("it surely had no effect, nothing is left to settle") {
        run.fail("pay");
        CHECK(run.ended_as(Instance::completed));
        CHECK(run.undone().empty());
    }
}

SCENARIO("an answered call whose step could not end is undone when it is interrupted") {
    Driver run{payment(Contract::unsafe)};
    run.start();
    run.suspend();
    run.complete("pay", "receipt-7");   // recorded, but the step goes on only when the instance is resumed
    run.cancel(false);
    CHECK(input_of_refund(run).at("receipt") == Value{"receipt-7"});
    run.complete("refund");
    CHECK(run.ended_as(Instance::cancelled));
}

SCENARIO("a settled call is undone even if its answer is too large to keep") {
    Driver run{payment(Contract::unsafe)};
    run.start();
    run.publish("withdrawn");
    run.complete("pay", std::string((1u << 20) + 1, 'x'));
    CHECK(run.active("refund"));
}

SCENARIO("a call without a compensation is not waited for") {
    const auto process = Builder{}
                             .path({start("s"), service("look", {Contract::unsafe}), end("seen")})
                             .boundary("look", "late", timer("PT1H"))
                             .path({ref("late"), end("given-up")})
                             .done();
    Driver run{process};
    run.start();
    const auto call = run.key("look");
    run.advance(1h);
    CHECK(run.ended_as(Instance::completed));
    CHECK(run.effects<core::CancelCall>() == 1);
    CHECK(run.send(core::CompleteJob{call, {}}) == "ended");
}

#include "core/backoff.hpp"
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

model::Definition one_call(Contract contract, model::RetryPolicy retry = {}) {
    return Builder{}.path({start("s"), service("call", {contract, retry}).input("x", "x + 1").output("y", "result.y"), end("e")}).done();
}

}  // namespace

SCENARIO("a service gets its input and its answer is kept") {
    Driver run{one_call(Contract::idempotent)};
    run.start({{"x", 41}});
    CHECK(run.job("call").input.at("x") == Value{42});
    CHECK(run.effects<core::CallService>() == 1);
    const auto call = run.key("call");
    run.complete("call", Variables{{"y", "done"}});
    CHECK(run.variable("y") == Value{"done"});
    CHECK(run.send(core::CompleteJob{call, {}}) == "ended");
}

SCENARIO("only an idempotent service is called without recording the attempt first") {
    const auto contract = GENERATE(Contract::queryable, Contract::unsafe);
    Driver run{one_call(contract)};
    run.automatic = false;
    run.start();
    CHECK(run.effects<core::PrepareCall>() == 1);
    CHECK(run.effects<core::CallService>() == 0);
    run.send(core::StartAttempt{run.key("call")});
    CHECK(run.effects<core::CallService>() == 1);
    CHECK(run.send(core::StartAttempt{run.key("call")}) == "stale-job");
}

SCENARIO("a failed call is tried again, later and later, until its policy is exhausted") {
    Driver run{one_call(Contract::idempotent, {.attempts = 3, .backoff = 8s, .max_backoff = 10s})};
    run.start();
    run.fail("call");
    CHECK(run.job("call").state == Job::backing_off);
    CHECK(*run.job("call").due >= run.now() + 6s);   // the last quarter is spread
    CHECK(*run.job("call").due <= run.now() + 8s);
    CHECK(run.send(core::WakeUpJob{run.key("call")}) == "not-due");
    run.advance(8s);
    CHECK(run.job("call").attempt == 2);
    run.fail("call");
    CHECK(*run.job("call").due <= run.now() + 10s);
    run.advance(10s);

    WHEN("the last attempt fails, a person is asked, and may have it tried again") {
        run.fail("call");
        CHECK(run.incident("call") == IncidentKind::job_exhausted);
        run.resolve("call");
        CHECK(run.job("call").attempt == 4);
        CHECK(run.job("call").failures == 0);
        run.complete("call");
        CHECK(run.ended_as(Instance::completed));
    }
    WHEN("the service says when to come back, no attempt is used up") {
        run.fail("call", 20min);
        CHECK(*run.job("call").due == run.now() + 20min);
        CHECK(run.job("call").failures == 2);
    }
}

SCENARIO("what a query found out about an attempt that is over is not taken for what became of the next one") {
    Driver run{one_call(Contract::queryable, {.attempts = 3, .backoff = 4s})};
    run.start();
    run.lose("call");
    const auto call = run.key("call");
    run.answer_query("call", false);   // a node that has lost the instance since has asked the same, and its answer is still on the way
    run.advance(4s);
    run.lose("call");
    CHECK(run.job("call").state == Job::querying);
    CHECK(run.send(core::AnswerQuery{call, false, {}, 1}) == "stale-attempt");
    CHECK(run.job("call").state == Job::querying);
    CHECK(run.send(core::AnswerQuery{call, true, {}, 2}).empty());
    CHECK(run.ended_as(Instance::completed));
}

SCENARIO("exhausted attempts become an error if the process says so") {
    const auto process = Builder{}
                             .path({start("s"), service("call", {Contract::idempotent, {.attempts = 1, .on_exhausted = "DOWN"}}), end("e")})
                             .boundary("call", "down", error({"DOWN"}))
                             .path({ref("down").output("code", "error.code"), end("refused")})
                             .done();
    Driver run{process};
    run.start();
    run.fail("call");
    CHECK(run.completed() == "s down refused");
    CHECK(run.ended_as(Instance::completed));
}

SCENARIO("an answer to an attempt that is over is not taken for that of the next one") {
    Driver run{one_call(Contract::unsafe, {.attempts = 3, .backoff = 4s})};
    run.start();
    run.fail("call");
    run.advance(4s);
    const auto call = run.key("call");
    CHECK(run.send(core::FailJob{call, "again", {}, false, 1}) == "stale-attempt");
    CHECK(run.send(core::ReturnError{call, "E", {}, {}, 1}) == "stale-attempt");
    CHECK(run.send(core::LoseCall{call, "late", false, 1}) == "stale-attempt");
    CHECK(run.job("call").state == Job::calling);
    CHECK(run.send(core::CompleteJob{call, {}}).empty());   // whichever attempt it was: the step is done
}

SCENARIO("a call without an answer is treated as its contract says") {
    WHEN("it is idempotent, it is called again") {
        Driver run{one_call(Contract::idempotent)};
        run.start();
        run.lose("call");
        CHECK(run.job("call").state == Job::backing_off);
    }
    WHEN("a restart has lost it, it is called again at once") {
        Driver run{one_call(Contract::idempotent)};
        run.start();
        run.lose("call", true);
        CHECK(run.job("call").state == Job::calling);
        CHECK(run.job("call").attempt == 2);
    }
    WHEN("it is queryable, the service is asked; only if it had no effect the call is repeated") {
        Driver run{one_call(Contract::queryable)};
        run.start();
        run.lose("call");
        CHECK(run.job("call").state == Job::querying);
        const auto took_effect = GENERATE(true, false);
        run.answer_query("call", took_effect, Variables{{"y", 7}});
        CHECK(run.ended_as(Instance::completed) == took_effect);
        if (took_effect) CHECK(run.variable("y") == Value{7});
        else CHECK(run.job("call").failures == 1);
    }
    WHEN("it is unsafe, it is not repeated before a person has said that nothing happened") {
        Driver run{one_call(Contract::unsafe)};
        run.start();
        run.lose("call");
        CHECK(run.incident("call") == IncidentKind::outcome_unknown);
        AND_WHEN("nothing happened") {
            run.resolve("call", {}, false);
            CHECK(run.job("call").attempt == 2);
        }
        AND_WHEN("it did happen, the person gives its answer") {
            run.resolve("call", {{"y", 7}}, true);
            CHECK(run.variable("y") == Value{7});
        }
        AND_WHEN("the answer comes late after all") {
            CHECK(run.complete("call", Variables{{"y", 8}}).empty());
            CHECK(run.variable("y") == Value{8});
        }
    }
}

SCENARIO("a call that restarts cut off again and again becomes an incident") {
    Driver run{one_call(Contract::idempotent)};
    run.start();
    for (std::uint32_t n = 0; n < core::restarts_in_a_row; ++n) {
        run.lose("call", true);
        REQUIRE(run.job("call").state == Job::calling);
    }
    CHECK(run.job("call").failures == 0);   // the service has failed at nothing

    WHEN("an attempt is answered, the count begins anew") {
        run.fail("call");
        run.advance(1h);
        for (std::uint32_t n = 0; n < core::restarts_in_a_row; ++n) run.lose("call", true);
        CHECK_FALSE(run.incident("call"));
    }
    WHEN("the next one is cut off too, a person has to look") {
        run.lose("call", true);
        CHECK(run.incident("call") == IncidentKind::job_exhausted);
        CHECK(run.job("call").in_doubt);   // one of them may have taken effect
        CHECK(run.effects<core::CallService>() == 0);
        AND_WHEN("he lets it be called again") {
            run.resolve("call");
            CHECK(run.job("call").state == Job::calling);
            CHECK(run.job("call").restarts == 0);
        }
        AND_WHEN("its answer comes late after all") {
            CHECK(run.complete("call", Variables{{"y", 8}}).empty());
            CHECK(run.ended_as(Instance::completed));
        }
    }
}

SCENARIO("a deferred job is answered later by whoever holds its key") {
    const auto contract = GENERATE(Contract::idempotent, Contract::queryable, Contract::unsafe);
    Driver run{one_call(contract)};
    run.start();
    run.defer("call", 72h);
    CHECK(run.job("call").state == Job::deferred);

    WHEN("the answer comes in time") {
        run.advance(71h);
        run.complete("call", Variables{{"y", 1}});
        CHECK(run.variable("y") == Value{1});
    }
    WHEN("it needs more time, it is given") {
        run.advance(71h);
        CHECK(run.send(core::ExtendJob{run.key("call"), 24h}).empty());
        run.advance(23h);
        CHECK(run.job("call").state == Job::deferred);
    }
    WHEN("no answer comes, the outcome is unknown: the contract decides") {
        run.advance(72h);
        if (contract == Contract::idempotent) CHECK(run.job("call").state == Job::backing_off);
        if (contract == Contract::queryable) CHECK(run.job("call").state == Job::querying);
        if (contract == Contract::unsafe) CHECK(run.incident("call") == IncidentKind::outcome_unknown);
    }
}

SCENARIO("an answer that is too large is an incident, and no call that took effect is repeated for it") {
    const auto contract = GENERATE(Contract::idempotent, Contract::unsafe);
    Driver run{one_call(contract)};
    run.start();
    const std::string large((1u << 20) + 1, 'x');
    run.complete("call", large);
    CHECK(run.incident("call") == IncidentKind::too_large);
    CHECK(run.complete("call", large) == "too-large");   // refused: the incident stays
    run.resolve("call", {{"y", 3}});
    if (contract == Contract::idempotent) CHECK(run.job("call").state == Job::calling);
    else CHECK(run.variable("y") == Value{3});
}

SCENARIO("an output that cannot be kept is an incident until it is corrected") {
    const auto process = Builder{}
                             .variable("total", "number")
                             .variable("rate", "number")
                             .path({start("s"), service("call").output("total", "if rate = null then \"none\" else rate"), end("e")})
                             .done();
    Driver run{process};
    run.start({});
    run.complete("call");
    CHECK(run.incident("call") == IncidentKind::expression);
    CHECK(run.resolve("call", {{"rate", "high"}}) == "variable-type");
    run.resolve("call", {{"rate", 3}});
    CHECK(run.variable("total") == Value{3});
}

SCENARIO("a call that took effect is not made again because its answer is lost") {
    const auto contract = GENERATE(Contract::idempotent, Contract::queryable, Contract::unsafe);
    Driver run{Builder{}.path({start("s"), service("a", {contract}).output("n", "result.n"), end("e")}).done()};
    run.start();
    CHECK(run.send(core::LoseAnswer{run.key("a"), "the store refused it"}).empty());
    CHECK(run.incident("a") == IncidentKind::answer_lost);
    WHEN("a person resolves the incident with the answer") {
        run.resolve("a", contract == Contract::idempotent ? Variables{} : Variables{{"n", 7}});
        if (contract == Contract::idempotent) {
            CHECK(run.effects<core::CallService>() == 1);   // the same key gives the same answer
            run.complete("a", Variables{{"n", 7}});
        }
        CHECK(run.variable("n") == Value{7});
        CHECK(run.ended_as(Instance::completed));
    }
    WHEN("the answer comes again") {
        run.complete("a", Variables{{"n", 8}});
        CHECK(run.variable("n") == Value{8});
    }
}

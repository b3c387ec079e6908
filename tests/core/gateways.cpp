#include "processes/driver.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;
using core::IncidentKind;
using lifecycle::Instance;

SCENARIO("an exclusive gateway takes the first flow whose condition is true") {
    const auto process = Builder{}
                             .path({start("s"), exclusive("g"), end("small").when("amount < 10")})
                             .path({ref("g"), end("medium").when("amount < 100")})
                             .path({ref("g"), end("large").otherwise()})
                             .done();
    const auto [amount, expected] = GENERATE(table<int, std::string>({{5, "s g small"}, {50, "s g medium"}, {500, "s g large"}}));
    Driver run{process};
    run.start({{"amount", amount}});
    CHECK(run.completed() == expected);
    CHECK(run.ended_as(Instance::completed));
}

SCENARIO("an exclusive gateway that finds no way stops with an incident until the data are corrected") {
    const auto process = Builder{}
                             .path({start("s"), exclusive("g"), end("yes").when("answer = \"yes\"")})
                             .path({ref("g"), end("no").when("answer = \"no\"")})
                             .done();
    Driver run{process};
    run.start({{"answer", "perhaps"}});
    CHECK(run.incident("g") == IncidentKind::no_flow);

    WHEN("it is resolved without a correction, the same happens again") {
        CHECK(run.resolve("g").empty());
        CHECK(run.incident("g") == IncidentKind::no_flow);
    }
    WHEN("the answer is corrected, it goes on") {
        run.resolve("g", {{"answer", "no"}});
        CHECK(run.completed() == "s g no");
    }
    WHEN("the same incident is resolved twice, the second is refused") {
        const auto incident = run.state().incidents.begin()->first;
        run.resolve("g");
        CHECK(run.send(core::ResolveIncident{incident, {"operator", {}}, {}, {}}) == "stale-incident");
    }
}

SCENARIO("a parallel gateway waits for all its flows") {
    const auto process = Builder{}
                             .path({start("s"), parallel("fork"), service("a"), parallel("join"), end("e")})
                             .path({ref("fork"), service("b"), ref("join")})
                             .done();
    Driver run{process};
    run.start();
    run.complete("b");
    CHECK_FALSE(run.state().ended());
    run.complete("a");
    CHECK(run.completed() == "s fork b a join e");
    CHECK(run.ended_as(Instance::completed));
}

SCENARIO("two tokens on one flow do not make a parallel join fire twice") {
    const auto process = Builder{}
                             .path({start("s"), parallel("fork"), exclusive("merge"), parallel("join"), end("e")})
                             .path({ref("fork"), service("b"), ref("merge")})
                             .path({ref("fork"), service("c"), ref("join")})
                             .done();
    Driver run{process};
    run.start();
    run.complete("b");
    run.complete("c");
    CHECK(run.incident("process") == IncidentKind::deadlock);   // the second token of the merge waits for another `c`
    run.cancel();
    CHECK(run.ended_as(Instance::cancelled));
}

SCENARIO("an inclusive gateway waits for the branches that were taken and no others") {
    const auto process = Builder{}
                             .path({start("s"), inclusive("fork"), service("a").when("wants.a"), inclusive("join"), end("e")})
                             .path({ref("fork"), service("b").when("wants.b"), ref("join")})
                             .path({ref("fork"), service("c").otherwise(), ref("join")})
                             .done();
    Driver run{process};

    WHEN("two are taken, it waits for both") {
        run.start({{"wants", Variables{{"a", true}, {"b", true}}}});
        run.complete("a");
        CHECK_FALSE(run.state().ended());
        run.complete("b");
        CHECK(run.completed() == "s fork a b join e");
    }
    WHEN("one is taken, it waits for that one") {
        run.start({{"wants", Variables{{"a", false}, {"b", true}}}});
        run.complete("b");
        CHECK(run.completed() == "s fork b join e");
    }
    WHEN("none is, the default is") {
        run.start({{"wants", Variables{{"a", false}, {"b", false}}}});
        run.complete("c");
        CHECK(run.completed() == "s fork c join e");
    }
}

SCENARIO("an inclusive join waits for a token that can still come by a boundary event") {
    const auto process = Builder{}
                             .path({start("s"), parallel("fork"), service("a"), end("a-done")})
                             .boundary("a", "late", timer("PT1H"), false)
                             .path({ref("fork"), inclusive("join"), end("e")})
                             .path({ref("late"), ref("join")})
                             .done();
    Driver run{process};
    run.start();
    CHECK(run.completed() == "s fork");   // the timer on `a` may still send a token
    WHEN("the timer fires, both are joined") {
        run.advance(std::chrono::hours{1});
        CHECK(run.completed() == "s fork late join e");
    }
    WHEN("the task is done first, nothing more can come") {
        run.complete("a");
        CHECK(run.completed() == "s fork a a-done join e");
        CHECK(run.ended_as(Instance::completed));
    }
}

SCENARIO("two inclusive joins, each waiting for the other's scope, both fire in the end") {
    const auto process = Builder{}
                             .path({start("s"), inclusive("fork"), subprocess("inner").when("true"), inclusive("join"), end("e")})
                             .path({ref("fork"), service("b").when("true"), ref("join")})
                             .in("inner")
                             .path({start("is"), inclusive("ifork"), service("x").when("true"), inclusive("ijoin"), end("ie")})
                             .path({ref("ifork"), service("y").when("false"), ref("ijoin")})
                             .done();
    Driver run{process};
    run.start();
    run.complete("b");
    run.complete("x");
    CHECK(run.ended_as(Instance::completed));
}

SCENARIO("an event-based gateway takes the event that happens first") {
    const auto process = Builder{}
                             .path({start("s"), event_based("g"), caught("answer", message("answer")).output("text", "result"), end("answered")})
                             .path({ref("g"), caught("patience", timer("P2D")), end("forgotten")})
                             .path({ref("g"), receive("order", "order"), end("ordered")})
                             .done();
    Driver run{process};
    run.start();
    CHECK(run.state().waits.size() == 3);

    WHEN("the message comes first, its content is kept and the timer is cancelled") {
        const auto timer = *run.find_wait("patience");
        run.publish("answer", "yes");
        CHECK(run.completed() == "s g answer answered");
        CHECK(run.effects<core::CancelTimer>() == 1);
        CHECK(run.send(core::FireTimer{timer}) == "ended");
    }
    WHEN("the timer comes first, a message is too late") {
        const auto wait = *run.find_wait("answer");
        run.advance(std::chrono::hours{48});
        CHECK(run.completed() == "s g patience forgotten");
        CHECK(run.send(core::CorrelateMessage{wait, "m", {}}) == "ended");
    }
    WHEN("the receive task's message comes, it has happened already when the token is there") {
        run.publish("order");
        CHECK(run.completed() == "s g order ordered");
    }
}

SCENARIO("a loop runs as often as its condition says") {
    const auto process = Builder{}
                             .path({start("s"), exclusive("again"), script("count", "n + 1").output("n", "result"), exclusive("enough"), end("e").when("n >= 3")})
                             .path({ref("enough"), ref("again").otherwise()})
                             .done();
    Driver run{process};
    run.start({{"n", 0}});
    CHECK(run.variable("n") == Value{3});
    CHECK(run.ended_as(Instance::completed));
}

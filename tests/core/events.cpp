// Boundary events, event subprocesses, errors, terminate ends, timers, message starts.
#include "processes/driver.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;
using core::IncidentKind;
using lifecycle::Instance;

SCENARIO("a boundary timer interrupts its host, or leaves it alone") {
    const bool interrupting = GENERATE(true, false);
    const auto process = Builder{}
                             .path({start("s"), user("decide"), end("decided")})
                             .boundary("decide", "late", timer("P2D"), interrupting)
                             .path({ref("late"), service("remind"), end("reminded")})
                             .done();
    Driver run{process};
    run.start();
    const auto task = run.key("decide");

    WHEN("the time is up") {
        run.advance(48h);
        CHECK(run.active("remind"));
        CHECK(run.active("decide") == !interrupting);
        CHECK(run.send(core::CompleteTask{task, {}, {"alice", {}}}) == (interrupting ? "stale-task" : ""));
    }
    WHEN("the task is done in time, a late fire has nothing to interrupt") {
        const auto wait = *run.find_wait("late");
        run.complete_task("decide", "alice");
        CHECK(run.ended_as(Instance::completed));
        CHECK(run.send(core::FireTimer{wait}) == "ended");
    }
    WHEN("somebody fires it too early, it is refused") { CHECK(run.send(core::FireTimer{*run.find_wait("late")}) == "not-due"); }
}

SCENARIO("a repeating timer's next time follows from the planned one, late by several periods it fires once") {
    const auto process = Builder{}
                             .path({start("s"), user("decide"), end("decided")})
                             .boundary("decide", "remind", timer("R3/PT1H"), false)
                             .path({ref("remind"), end("reminded")})
                             .done();
    Driver run{process};
    run.start();
    const auto due = [&] { return std::get<core::Wait::Timer>(run.state().waits.at(*run.find_wait("remind")).what).due; };

    WHEN("it fires a little late, the next is counted from when it should have fired") {
        run.set_clock(nine_o_clock + 1h + 7min);
        run.fire("remind");
        CHECK(due() == nine_o_clock + 2h);
    }
    WHEN("it fires late by several periods, it fires once and then in its old rhythm") {
        run.set_clock(nine_o_clock + 4h + 30min);
        run.fire("remind");
        CHECK(due() == nine_o_clock + 5h);
        CHECK(run.completed() == "s remind reminded");
    }
    WHEN("it has fired as often as it says, it is over") {
        run.advance(24h);
        CHECK(run.completed() == "s remind reminded remind reminded remind reminded");
        CHECK_FALSE(run.find_wait("remind"));
    }
}

SCENARIO("a boundary error takes the error that it names before one that takes all") {
    const auto process = Builder{}
                             .path({start("s"), service("call"), end("e")})
                             .boundary("call", "any", error())
                             .boundary("call", "named", error({"GONE"}))
                             .path({ref("any"), end("any-end")})
                             .path({ref("named").output("why", "error.message"), end("named-end")})
                             .done();
    Driver run{process};
    run.start();
    const auto code = GENERATE(as<std::string>{}, "GONE", "OTHER");
    run.return_error("call", code);
    CHECK(run.completed() == (code == "GONE" ? "s named named-end" : "s any any-end"));
}

SCENARIO("an error climbs until something catches it") {
    const auto process = Builder{}
                             .path({start("s"), subprocess("sub"), end("e")})
                             .boundary("sub", "caught", error({"E1"}))
                             .path({ref("caught"), end("mended")})
                             .in("sub")
                             .path({start("is"), parallel("fork"), service("call"), end("ie")})
                             .path({ref("fork"), service("beside"), end("ie2")})
                             .done();
    Driver run{process};
    run.start();
    WHEN("it is caught outside, all of the subprocess ends") {
        run.return_error("call", "E1");
        CHECK(run.completed() == "s is fork caught mended");
        CHECK(run.ended_as(Instance::completed));
    }
    WHEN("nothing catches it, a person is asked") {
        run.return_error("call", "E2");
        CHECK(run.incident("call") == IncidentKind::unhandled_error);
        CHECK(run.active("beside"));
    }
}

SCENARIO("an error end event that nobody catches makes the process fail") {
    const auto process = Builder{}.path({start("s"), parallel("fork"), service("slow"), end("e")}).path({ref("fork"), error_end("bad", "BAD")}).done();
    Driver run{process};
    run.start();
    CHECK(run.ended_as(Instance::failed));
}

SCENARIO("a second error of a parallel branch does not fail a process whose first one was caught") {
    const auto process = Builder{}
                             .path({start("s"), subprocess("sub"), end("e")})
                             .boundary("sub", "caught", error())
                             .path({ref("caught"), end("mended")})
                             .in("sub")
                             .path({start("is"), parallel("fork"), error_end("one", "E1")})
                             .path({ref("fork"), error_end("two", "E2")})
                             .done();
    Driver run{process};
    run.start();
    CHECK(run.ended_as(Instance::completed));
}

SCENARIO("an error event subprocess takes over from the scope that it stands in") {
    const auto process = Builder{}
                             .path({start("s"), parallel("fork"), service("a"), end("e")})
                             .path({ref("fork"), service("b"), end("e2")})
                             .event_subprocess("rescue", error({"E1"}))
                             .in("rescue")
                             .path({ref("rescue.start").output("code", "error.code"), service("mend"), end("mended")})
                             .done();
    Driver run{process};
    run.start();
    run.return_error("a", "E1");
    CHECK_FALSE(run.active("b"));
    CHECK(run.active("mend"));
    run.complete("mend");
    CHECK(run.ended_as(Instance::completed));
}

SCENARIO("an event subprocess may also run beside its scope, as often as its message comes") {
    const auto process = Builder{}
                             .path({start("s"), service("work"), end("e")})
                             .event_subprocess("question", message("question"), false)
                             .in("question")
                             .path({ref("question.start"), user("answer"), end("answered")})
                             .done();
    Driver run{process};
    run.start();
    run.publish("question.start", {}, "m-1");
    run.publish("question.start", {}, "m-2");
    CHECK(run.count("answer") == 2);
    run.complete("work");
    CHECK_FALSE(run.state().ended());   // the questions are still to be answered
    run.complete_task("answer", "alice");
    run.complete_task("answer", "alice");
    CHECK(run.ended_as(Instance::completed));
}

SCENARIO("a terminate end ends everything in its scope and nothing outside") {
    const auto process = Builder{}
                             .path({start("s"), subprocess("sub"), service("after"), end("e")})
                             .in("sub")
                             .path({start("is"), parallel("fork"), user("slow"), end("ie")})
                             .path({ref("fork"), service("quick"), terminate_end("stop")})
                             .done();
    Driver run{process};
    run.start();
    run.complete("quick");
    CHECK_FALSE(run.active("slow"));
    CHECK(run.active("after"));
    run.complete("after");
    CHECK(run.ended_as(Instance::completed));
}

SCENARIO("a subprocess has variables of its own") {
    const auto process = Builder{}
                             .variable("total", "number", Value{1})
                             .variable("inner", "number")
                             .path({start("s"), subprocess("sub").input("start", "total + 1").output("inner", "local"), end("e")})
                             .in("sub")
                             .variable("local", "number", Value{10})
                             .path({start("is"), script("add", "local + start").output("local", "result"), script("out", "local * 2").output("total", "result"), end("ie")})
                             .done();
    Driver run{process};
    run.start({});
    CHECK(run.variable("total") == Value{24});
    CHECK(run.variable("inner") == Value{12});   // read before the scope's own variables are gone
    CHECK(run.variable("local").is_null());
}

SCENARIO("a message starts a process and brings its variables") {
    const auto process = Builder{}
                             .path({start("ordered", message("order")).output("amount", "result.amount"), service("ship"), end("e")})
                             .path({start("by-hand"), ref("ship")})
                             .done();
    Driver run{process};
    const auto* event = process.process.find("ordered");
    WHEN("it is the message") {
        run.send(core::StartInstance{"test", "K", {}, {}, event->index, Variables{{"amount", 7}}});
        CHECK(run.variable("amount") == Value{7});
        CHECK(run.completed() == "ordered");
    }
    WHEN("it is a caller") {
        run.start({});
        CHECK(run.completed() == "by-hand");
    }
    WHEN("the element is no start event, it is refused") {
        CHECK(run.send(core::StartInstance{"test", "K", {}, {}, process.process.find("ship")->index, {}}) == "no-start-event");
    }
}

SCENARIO("a correlation key that is no text is an incident until it is corrected") {
    const auto process = Builder{}.path({start("s"), receive("wait", "answer"), end("e")}).message_key("answer", "order.id").done();
    Driver run{process};
    run.start({{"order", nullptr}});
    CHECK(run.incident("wait") == IncidentKind::expression);
    run.resolve("wait", {{"order", Variables{{"id", "O-1"}}}});
    run.publish("wait");
    CHECK(run.ended_as(Instance::completed));
}

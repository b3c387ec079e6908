// Undoing what was done: BPMN 2.0, 13.5.5, and what is added where BPMN says nothing: docs/architecture.md, Compensation.
#include "processes/driver.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;
using core::IncidentKind;
using lifecycle::Instance;

namespace {

/// Two steps with an undo each, then a decision to take them back.
Builder booking() {
    Builder b{"trip"};
    b.path({start("s"), service("flight").output("flight", "result"), service("hotel"), user("happy"), end("gone")})
        .compensation("flight", service("cancel-flight").input("flight", "flight").input("call", "compensated.idempotencyKey"))
        .compensation("hotel", service("cancel-hotel"));
    return b;
}

void book(Driver& run) {
    run.start({{"key", "K"}});
    run.complete("flight", "LX-1");
    run.complete("hotel");
}

}  // namespace

SCENARIO("a cancelled instance undoes its steps one after the other, newest first") {
    Driver run{booking().done()};
    book(run);

    WHEN("it is cancelled") {
        run.cancel();
        CHECK(run.active("cancel-hotel"));
        CHECK_FALSE(run.active("cancel-flight"));
        run.complete("cancel-hotel");
        CHECK(run.active("cancel-flight"));
        CHECK_FALSE(run.state().ended());
        run.complete("cancel-flight");
        CHECK(run.undone() == "cancel-hotel cancel-flight");
        CHECK(run.ended_as(Instance::cancelled));
    }
    WHEN("it is cancelled without compensation, nothing is undone") {
        run.cancel(false);
        CHECK(run.ended_as(Instance::cancelled));
        CHECK(run.undone().empty());
    }
    WHEN("it is cancelled twice, the second is refused") {
        run.cancel();
        CHECK(run.cancel() == "already-cancelling");
    }
}

SCENARIO("a handler gets its input as it was when the step completed") {
    const auto process = booking().path({ref("happy"), script("change", "\"other\"").output("flight", "result"), user("later"), end("e2")}).done();
    Driver run{process};
    book(run);
    run.complete_task("happy", "alice");
    CHECK(run.variable("flight") == Value{"other"});
    run.cancel();
    run.complete("cancel-hotel");
    CHECK(run.job("cancel-flight").input.at("flight") == Value{"LX-1"});
}

SCENARIO("a throwing event waits until what it asked for is undone, and undoes it once") {
    const auto process = Builder{}
                             .path({start("s"), service("a"), service("b"), compensate("undo-a", "a"), compensate("undo-all"), end("e")})
                             .compensation("a", service("no-a"))
                             .compensation("b", service("no-b"))
                             .done();
    Driver run{process};
    run.start();
    run.complete("a");
    run.complete("b");
    CHECK(run.active("no-a"));
    run.complete("no-a");
    CHECK(run.active("no-b"));   // `a` is undone already
    run.complete("no-b");
    CHECK(run.undone() == "no-a no-b");
    CHECK(run.completed() == "s a b no-a undo-a no-b undo-all e");
}

SCENARIO("an activity that was done in several rounds is undone once for each, newest first") {
    const auto process = Builder{}
                             .path({start("s"), exclusive("again"), service("pay").output("n", "result"), exclusive("enough"), compensate("undo", "pay").when("n >= 3"), end("e")})
                             .path({ref("enough"), ref("again").otherwise()})
                             .compensation("pay", service("refund").input("n", "result"))
                             .done();
    Driver run{process};
    run.start();
    for (int n = 1; n <= 3; ++n) run.complete("pay", n);
    for (int n = 3; n >= 1; --n) {
        CHECK(run.job("refund").input.at("n") == Value{n});
        run.complete("refund");
    }
    CHECK(run.ended_as(Instance::completed));
}

SCENARIO("a completed subprocess is undone from the inside, as one step of the scope around it") {
    const auto process = Builder{}
                             .path({start("s"), service("first"), subprocess("sub"), service("last"), compensate("undo"), end("e")})
                             .in("sub")
                             .path({start("is"), service("x"), service("y"), end("ie")})
                             .compensation("x", service("no-x"))
                             .compensation("y", service("no-y"))
                             .in()
                             .compensation("first", service("no-first"))
                             .compensation("last", service("no-last"))
                             .done();
    Driver run{process};
    run.start();
    for (const char* id : {"first", "x", "y", "last", "no-last", "no-y", "no-x", "no-first"}) run.complete(id);
    CHECK(run.undone() == "no-last no-y no-x no-first");
    CHECK(run.ended_as(Instance::completed));
}

SCENARIO("a subprocess with a handler of its own is undone by that alone") {
    const auto process = Builder{}
                             .path({start("s"), subprocess("sub"), compensate("undo"), end("e")})
                             .in("sub")
                             .path({start("is"), service("x"), end("ie")})
                             .compensation("x", service("no-x"))
                             .in()
                             .compensation("sub", service("no-sub"))
                             .done();
    Driver run{process};
    run.start();
    run.complete("x");
    run.complete("no-sub");
    CHECK(run.undone() == "no-sub");
}

SCENARIO("an interrupted subprocess is undone or abandoned, as it says") {
    const auto rule = GENERATE(model::OnInterrupt::compensate, model::OnInterrupt::abandon);
    const auto process = Builder{}
                             .path({start("s"), subprocess("sub"), end("e")})
                             .boundary("sub", "stop", message("stop"))
                             .path({ref("stop"), end("stopped")})
                             .in("sub")
                             .path({start("is"), service("x"), user("wait"), end("ie")})
                             .compensation("x", service("no-x"))
                             .on_interrupt("sub", rule)
                             .done();
    Driver run{process};
    run.start();
    run.complete("x");
    run.publish("stop");
    if (rule == model::OnInterrupt::compensate) run.complete("no-x");
    CHECK(run.ended_as(Instance::completed));
    CHECK(run.undone() == (rule == model::OnInterrupt::compensate ? "no-x" : ""));
}

SCENARIO("a running compensation is never interrupted, and a second request waits for it") {
    const auto process = booking()
                             .event_subprocess("withdrawal", message("withdrawn"))
                             .in("withdrawal")
                             .path({ref("withdrawal.start"), compensate_end("undone")})
                             .done();
    Driver run{process};
    book(run);
    run.publish("withdrawal.start");
    CHECK(run.active("cancel-hotel"));
    run.cancel();   // while it runs
    CHECK(run.active("cancel-hotel"));
    run.complete("cancel-hotel");
    run.complete("cancel-flight");
    CHECK(run.undone() == "cancel-hotel cancel-flight");
    CHECK(run.ended_as(Instance::cancelled));
}

SCENARIO("a compensation that fails is a matter for people") {
    Driver run{booking().done()};
    book(run);
    run.cancel();
    run.return_error("cancel-hotel", "TOO_LATE");
    CHECK(run.incident("cancel-hotel") == IncidentKind::unhandled_error);
    CHECK_FALSE(run.state().ended());
    run.resolve("cancel-hotel");
    run.complete("cancel-hotel");
    run.complete("cancel-flight");
    CHECK(run.ended_as(Instance::cancelled));
}

SCENARIO("an uncaught error end event in a compensation does not make the process fail") {
    const auto process = Builder{}
                             .path({start("s"), service("a"), compensate("undo"), end("e")})
                             .compensation("a", subprocess("no-a"))
                             .in("no-a")
                             .path({start("is"), service("try"), exclusive("g"), end("ok").when("fine")})
                             .path({ref("g"), error_end("bad", "BAD").otherwise()})
                             .done();
    Driver run{process};
    run.start();
    run.complete("a");
    run.complete("try");
    CHECK(run.incident("bad") == IncidentKind::unhandled_error);
    CHECK(run.state().phase == Instance::running);
}

// The instance as a whole: starting, cancelling, suspending, going on after a pause.
#include "processes/driver.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;
using core::IncidentKind;
using lifecycle::Instance;

namespace {

model::Definition counting(int rounds) {
    return Builder{}
        .path({start("s"), exclusive("again"), script("count", "n + 1").output("n", "result"), exclusive("enough"), end("e").when("n >= " + std::to_string(rounds))})
        .path({ref("enough"), ref("again").otherwise()})
        .event_subprocess("stop", message("stop"))
        .in("stop")
        .path({ref("stop.start"), end("stopped")})
        .done();
}

}  // namespace

SCENARIO("a start is checked before anything happens") {
    Driver run{Builder{}.variable("amount", "number", {}, true).path({start("s"), end("e")}).done()};
    CHECK(run.start({}) == "required-variable");
    CHECK(run.start({{"amount", "many"}}) == "variable-type");
    CHECK(run.send(core::SuspendInstance{}) == "no-instance");
    CHECK(run.start({{"amount", 3}}).empty());
    CHECK(run.start({{"amount", 3}}) == "already-started");
}

SCENARIO("a suspended instance keeps what services answer and does nothing with it until it is resumed") {
    const auto process = Builder{}
                             .path({start("s"), parallel("fork"), service("a"), user("t"), end("e")})
                             .path({ref("fork"), caught("m", message("answer")), end("e2")})
                             .path({ref("fork"), caught("d", timer("PT1H")), end("e3")})
                             .done();
    Driver run{process};
    run.start();
    run.suspend();
    CHECK(run.suspend() == "not-running");
    run.complete("a");
    CHECK_FALSE(run.active("t"));
    CHECK(run.publish("m") == "suspended");
    run.set_clock(nine_o_clock + 2h);
    CHECK(run.fire("d") == "suspended");

    WHEN("it is resumed, it goes on, and what was refused is offered again") {
        run.resume();
        CHECK(run.active("t"));
        CHECK(run.effects<core::ScheduleTimer>() == 1);
        CHECK(run.effects<core::OpenSubscription>() == 1);
        CHECK(run.resume() == "not-suspended");
    }
    WHEN("it is cancelled, it ends") {
        run.cancel();
        CHECK(run.ended_as(Instance::cancelled));
    }
}

SCENARIO("the time of a job whose error was caught while the instance is suspended is no longer waited for") {
    const auto process = Builder{}
                             .path({start("s"), service("a"), end("e")})
                             .event_subprocess("rescue", error())
                             .in("rescue")
                             .path({ref("rescue.start"), end("rescued")})
                             .done();
    Driver run{process};
    run.start();
    run.defer("a", 5min);
    run.suspend();
    run.return_error("a", "E1");
    run.set_clock(nine_o_clock + 1h);
    CHECK(run.send(core::WakeUpJob{run.key("a")}) == "stale-job");
    run.resume();
    CHECK(run.ended_as(Instance::completed));
}

SCENARIO("a long run is done in several rows, so that others get their turn") {
    Driver run{counting(1'000)};
    run.automatic = false;
    run.start({{"key", "K"}, {"n", 0}});
    CHECK(run.state().continuing);
    CHECK(run.last_events().size() < core::events_per_decide + 10);
    run.automatic = true;
    run.send(core::Continue{});
    for (int rows = 0; rows < 10 && !run.state().ended(); ++rows) run.send(core::Continue{});
    CHECK(run.variable("n") == Value{1'000});
    CHECK(run.state().rows > 4);
}

SCENARIO("a message may come between two rows of a long run") {
    Driver run{counting(1'000)};
    run.automatic = false;
    run.start({{"key", "K"}, {"n", 0}});
    run.publish("stop.start");
    CHECK(run.ended_as(Instance::completed));
    CHECK(run.send(core::Continue{}) == "ended");
}

SCENARIO("a process that never waits is stopped, and can be helped") {
    Driver run{counting(1'000'000)};
    run.start({{"key", "K"}, {"n", 0}});
    CHECK(run.incident("process") == IncidentKind::step_budget);

    WHEN("a person lets it go on with other data, it ends") {
        run.resolve("process", {{"n", 2'000'000}});
        CHECK(run.ended_as(Instance::completed));
    }
    WHEN("it is cancelled, it ends") {
        run.cancel();
        CHECK(run.ended_as(Instance::cancelled));
    }
    WHEN("an event interrupts it, it ends") {
        run.publish("stop.start");
        CHECK(run.ended_as(Instance::completed));
    }
}

SCENARIO("an instance is halted when a step could not be recorded, and goes on from there") {
    const auto process = Builder{}
                             .path({start("s"), service("a", {.contract = model::Contract::unsafe}), caught("pause", timer("PT1H")), service("b"), end("e")})
                             .done();
    Driver run{process};
    run.automatic = false;
    run.start();

    GIVEN("a call that could not be recorded as begun") {
        CHECK(run.send(core::Halt{"the store refused it"}).empty());
        CHECK(run.incident("process") == IncidentKind::not_recorded);
        CHECK(run.send(core::Halt{"again"}) == "halted");
        WHEN("a person lets it go on, the call is prepared again") {
            run.resolve("process");
            CHECK(run.effects<core::PrepareCall>() == 1);
            CHECK_FALSE(run.incident("process"));
        }
    }
    GIVEN("a timer whose firing could not be recorded") {
        run.automatic = true;
        run.send(core::StartAttempt{run.key("a")});
        run.complete("a");
        run.set_clock(nine_o_clock + 2h);
        run.automatic = false;
        run.send(core::Halt{"the store refused it"});
        WHEN("a person lets it go on, the timer is asked for again, and fires") {
            run.resolve("process");
            CHECK(run.effects<core::ScheduleTimer>() == 1);
            CHECK(run.fire("pause").empty());
            CHECK(run.active("b"));
        }
        WHEN("it fires before, the instance goes on when it is let") {
            CHECK(run.fire("pause").empty());
            CHECK_FALSE(run.active("b"));
            run.resolve("process");
            CHECK(run.active("b"));
        }
        WHEN("it is cancelled, it ends") {
            run.cancel();
            CHECK(run.ended_as(Instance::cancelled));
        }
    }
}

SCENARIO("an instance that an incident keeps from beginning can be cancelled") {
    const auto process = Builder{}
                             .message_key("stop", "order.id")
                             .path({start("s"), service("a"), end("e")})
                             .event_subprocess("stop", message("stop"))
                             .in("stop")
                             .path({ref("stop.start"), end("stopped")})
                             .done();
    Driver run{process};
    run.start({});
    CHECK(run.incident("s") == IncidentKind::expression);
    WHEN("it is cancelled, nothing is called any more") {
        run.cancel();
        CHECK(run.ended_as(Instance::cancelled));
        CHECK(run.completed().empty());
    }
    WHEN("it is corrected, it begins") {
        run.resolve("s", {{"order", Variables{{"id", "O-1"}}}});
        CHECK(run.active("a"));
    }
}

SCENARIO("time never runs backwards within an instance") {
    Driver run{Builder{}.path({start("s"), service("a"), caught("d", timer("PT1H")), end("e")}).done()};
    run.start();
    run.set_clock(nine_o_clock - 24h);
    run.complete("a");
    CHECK(run.state().last == nine_o_clock);
    CHECK(std::get<core::Wait::Timer>(run.state().waits.begin()->second.what).due == nine_o_clock + 1h);
}

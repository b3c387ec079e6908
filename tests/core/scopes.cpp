#include "processes/driver.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;

SCENARIO("bug: a reminder that ends last does not say how the process ended") {
    const auto process = Builder{}
                             .path({start("s"), service("work"), end("done")})
                             .boundary("work", "late", timer("PT1H"), false)
                             .path({ref("late"), service("remind"), end("reminded")})
                             .done();
    Driver run{process};
    run.start();
    run.advance(std::chrono::hours{1});
    run.complete("work");
    run.complete("remind");
    REQUIRE(run.ended_as(lifecycle::Instance::completed));
    const auto end = run.state().end_event;
    REQUIRE(end);
    CHECK(process.process[*end].id == "done");
}

SCENARIO("bug: an event subprocess's key is read after the start event has written it") {
    const auto process = Builder{}
                             .path({start("s").output("key", "\"K-7\""), service("work"), end("done")})
                             .event_subprocess("withdrawn", message("withdrawal"))
                             .in("withdrawn")
                             .path({ref("withdrawn.start"), end("gone")})
                             .done();
    Driver run{process};
    run.start({});
    REQUIRE_FALSE(run.incident("s"));
    const auto wait = run.find_wait("withdrawn.start");
    REQUIRE(wait);
    CHECK(std::get<core::Wait::Subscription>(run.state().waits.at(*wait).what).correlation_key == "K-7");
    run.publish("withdrawn.start");
    CHECK(run.ended_as(lifecycle::Instance::completed));
    CHECK(process.process[*run.state().end_event].id == "gone");
}

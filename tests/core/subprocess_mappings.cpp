/// Input and output of an embedded subprocess.
#include "processes/driver.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;

namespace {

/// s -> sub(input, output) { work -> } -> done, where `work` hands on its result as the subprocess's variable `inner`.
Builder with(Stop subprocess_stop) {
    Builder builder;
    builder.variable("key", "any", Value{"K-1"}).variable("n", "any", Value{1}).variable("total", "number", Value{0});
    builder.path({start("s"), std::move(subprocess_stop), service("after").input("total", "total"), end("done")});
    builder.in("sub").variable("inner", "number", Value{7});
    return builder;
}

const Variables& scope_of(const Driver& run, std::string_view id) { return run.state().scope(run.key(id)).variables; }

}  // namespace

SCENARIO("the input of a subprocess is local to it, and a name of the outer scope may be used again") {
    auto builder = with(subprocess("sub").input("n", "n + 1").input("inner", "10"));
    builder.path({start("i"), service("work").input("n", "n").input("inner", "inner").output("n", "result"), end("e")});
    Driver run{builder.done()};
    run.start();
    CHECK(run.job("work").input == Variables{{"n", 2}, {"inner", 10}});
    CHECK(scope_of(run, "sub") == Variables{{"inner", 10}, {"n", 2}});
    run.complete("work", 5);
    CHECK(run.variable("n") == Value{1});   // the write went to the subprocess, and ended with it
    run.complete("after");
    CHECK(run.ended_as(lifecycle::Instance::completed));
}

SCENARIO("the output of a subprocess is evaluated when it completes, with its variables in view") {
    auto builder = with(subprocess("sub").input("n", "n").output("total", "inner * n").output("n", "total + 1"));
    builder.path({start("i"), service("work").output("inner", "result"), end("e")});
    Driver run{builder.done()};
    run.start({{"key", "K-1"}, {"n", 3}});
    run.complete("work", 20);
    CHECK(run.variable("total") == Value{60});
    CHECK(run.variable("n") == Value{61});   // outwards, although the subprocess has an `n` of its own; the outputs go in their order
    CHECK(run.job("after").input == Variables{{"total", 60}});
}

SCENARIO("an interrupted subprocess gives no output") {
    auto builder = with(subprocess("sub").output("total", "inner"));
    builder.path({start("i"), service("work"), end("e")});
    builder.in().boundary("sub", "late", timer("PT1H")).path({ref("late"), end("given-up")});
    Driver run{builder.done()};
    run.start();
    run.advance(std::chrono::hours{1});
    CHECK(run.ended_as(lifecycle::Instance::completed));
    CHECK(run.variable("total") == Value{0});
}

SCENARIO("the input of the compensation of a subprocess sees its variables when it completes") {
    auto builder = with(subprocess("sub").output("total", "inner"));
    builder.path({start("i"), service("work").output("inner", "result"), end("e")});
    builder.in().compensation("sub", service("undo").input("what", "inner").input("total", "total"));
    builder.boundary("after", "no", error()).path({ref("no"), compensate("back"), end("undone")});
    Driver run{builder.done()};
    run.start();
    run.complete("work", 12);
    run.return_error("after", "NO");
    CHECK(run.job("undo").input == Variables{{"what", 12}, {"total", 12}});
}

SCENARIO("an input of the wrong type is an incident, and what a person gives instead is what counts") {
    auto builder = with(subprocess("sub").input("inner", "n"));
    builder.path({start("i"), service("work").input("inner", "inner"), end("e")});
    Driver run{builder.done()};
    run.start({{"key", "K-1"}, {"n", "secret"}});
    REQUIRE(run.incident("sub") == core::IncidentKind::expression);
    CHECK(run.state().incidents.begin()->second.message.find("secret") == std::string::npos);
    CHECK(run.resolve("sub", {{"inner", "no number either"}}) == "variable-type");
    CHECK(run.resolve("sub", {{"inner", 4}}).empty());
    CHECK(run.job("work").input == Variables{{"inner", 4}});
    CHECK(run.variable("n") == Value{"secret"});
}

SCENARIO("a required variable of a subprocess that is null is an incident") {
    Builder builder;
    builder.variable("n", "any");
    builder.path({start("s"), subprocess("sub").input("m", "n"), end("done")});
    builder.in("sub").variable("m", "any", {}, true).path({start("i"), service("work").input("m", "m"), end("e")});
    Driver run{builder.done()};
    run.start({});
    REQUIRE(run.incident("sub") == core::IncidentKind::expression);
    CHECK(run.resolve("sub", {{"m", 1}}).empty());
    CHECK(run.job("work").input == Variables{{"m", 1}});
}

SCENARIO("an output that does not fit is an incident of the subprocess, and once corrected it completes") {
    Builder builder;
    builder.variable("total", "number", Value{0});
    builder.path({start("s"), subprocess("sub").output("total", "free"), end("done")});
    builder.in("sub").variable("free", "any").path({start("i"), service("work").output("free", "result"), end("e")});
    Driver run{builder.done()};
    run.start({});
    run.complete("work", "four");
    REQUIRE(run.incident("sub") == core::IncidentKind::expression);
    CHECK(run.resolve("sub", {{"free", 4}}).empty());
    CHECK(run.ended_as(lifecycle::Instance::completed));
    CHECK(run.variable("total") == Value{4});
}

SCENARIO("a condition behind a subprocess reads the variables around it") {
    Builder builder;
    builder.variable("n", "number", Value{1});
    builder.path({start("s"), subprocess("sub").input("n", "n + 1"), end("outer").when("n = 1")});
    builder.path({ref("sub"), end("inner").otherwise()});
    builder.in("sub").path({start("i"), end("e")});
    Driver run{builder.done()};
    run.start({});
    REQUIRE(run.ended_as(lifecycle::Instance::completed));
    CHECK(run.completed().ends_with("outer"));
}

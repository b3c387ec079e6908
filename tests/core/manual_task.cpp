#include "processes/driver.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;

SCENARIO("a manual task is passed at once: nobody tells the engine when it is done") {
    const auto process = Builder{}.path({start("s"), Stop{"sign-on-paper", model::ManualTask{}}.output("signed", "true"), end("e")}).done();
    Driver run{process};
    run.start({});
    CHECK(run.completed() == "s sign-on-paper e");
    CHECK(run.ended_as(lifecycle::Instance::completed));
}

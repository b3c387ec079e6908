// What becomes of an instance when its store is restored from a backup.
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

model::Definition calling(Contract contract) {
    return Builder{}.path({start("s"), service("call", {contract}), service("after", {Contract::unsafe}), end("e")}).done();
}
struct AtCall : Driver {
    explicit AtCall(Contract contract) : Driver{calling(contract)} {
        automatic = false;
        start();
    }
};
std::string rewind(Driver& run) { return run.send(core::Rewind{"restored"}); }

}  // namespace

SCENARIO("a rewound instance does nothing by itself until a person lets it go on") {
    AtCall run{Contract::idempotent};
    CHECK(rewind(run).empty());
    CHECK(run.incident("process") == IncidentKind::restored);
    CHECK(run.job("call").state == Job::calling);   // it is repeated, with the same key
    run.complete("call");
    CHECK_FALSE(run.active("after"));
    CHECK(rewind(run) == "rewound");
    run.resolve("process");
    CHECK(run.active("after"));
}

SCENARIO("an unsafe call that is open in a backup may have been made since, whatever the backup says") {
    AtCall run{Contract::unsafe};
    const auto job = run.key("call");
    SECTION("not begun") {}
    SECTION("begun") { run.send(core::StartAttempt{job}); }
    SECTION("to be tried again") {
        run.send(core::StartAttempt{job});
        run.fail("call");
        REQUIRE(run.job("call").state == Job::backing_off);
    }
    SECTION("given up") {
        run.send(core::StartAttempt{job});
        run.fail_for_good("call");
        REQUIRE(run.incident("call") == IncidentKind::job_permanent);
    }
    CHECK(rewind(run).empty());
    CHECK(run.incident("call") == IncidentKind::outcome_unknown);
    CHECK(run.effects<core::PrepareCall>() + run.effects<core::CallService>() == 0);
    run.resolve("process");
    CHECK(run.effects<core::PrepareCall>() + run.effects<core::CallService>() == 0);
    CHECK(run.resolve("call") == "took-effect");
    run.resolve("call", {}, true);
    CHECK(run.active("after"));
}

SCENARIO("a queryable call that is open in a backup is asked about") {
    AtCall run{Contract::queryable};
    CHECK(rewind(run).empty());
    CHECK(run.effects<core::QueryService>() == 1);
    CHECK(run.effects<core::PrepareCall>() + run.effects<core::CallService>() == 0);
    CHECK(run.job("call").state == Job::querying);
}

SCENARIO("an instance that is being undone halts too, and one that has ended is left alone") {
    Driver run{Builder{}
                   .path({start("s"), service("book"), service("send"), user("happy"), end("e")})
                   .compensation("book", service("unbook"))
                   .compensation("send", service("call-back"))
                   .done()};
    run.start();
    run.complete("book");
    run.complete("send");
    run.cancel();
    REQUIRE(run.active("call-back"));
    CHECK(rewind(run).empty());
    CHECK(run.incident("process") == IncidentKind::restored);
    run.complete("call-back");
    CHECK_FALSE(run.active("unbook"));   // perhaps it has been done
    run.resolve("process");
    run.complete("unbook");
    CHECK(run.ended_as(Instance::cancelled));
    CHECK(rewind(run) == "ended");
}

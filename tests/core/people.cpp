// User tasks: who may do what.
#include "processes/driver.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;
using lifecycle::Instance;

SCENARIO("only a candidate completes a task") {
    model::UserTask review;
    review.candidate_users = {"alice"};
    review.candidate_groups = {"risk"};
    Driver run{Builder{}.path({start("s"), user("review", review).output("decision", "result.decision"), end("e")}).done()};
    run.start();
    CHECK(run.complete_task("review", "mallory") == "not-a-candidate");
    CHECK(run.complete_task("review", "mallory", {}, {"sales"}) == "not-a-candidate");
    WHEN("it is a candidate user") { CHECK(run.complete_task("review", "alice", {{"decision", "approve"}}).empty()); }
    WHEN("it is somebody of a candidate group") { CHECK(run.complete_task("review", "bob", {{"decision", "approve"}}, {"risk"}).empty()); }
    WHEN("it is done twice, the second is too late") {
        const auto task = run.key("review");
        run.complete_task("review", "alice");
        CHECK(run.send(core::CompleteTask{task, {}, {"alice", {}}}) == "ended");
    }
}

SCENARIO("an assigned task is done by its assignee or given back") {
    Driver run{Builder{}.path({start("s"), user("review"), end("e")}).done()};
    run.start();
    CHECK(run.assign("review", "") == "not-assigned");
    run.assign("review", "alice");
    CHECK(run.complete_task("review", "bob") == "not-the-assignee");
    WHEN("it is given back, anybody may do it") {
        run.assign("review", "");
        CHECK(run.complete_task("review", "bob").empty());
    }
    WHEN("the assignee does it") { CHECK(run.complete_task("review", "alice").empty()); }
}

SCENARIO("four eyes: nobody reviews what he has done himself, in no round") {
    const auto process = Builder{}
                             .path({start("s"), exclusive("again"), user("draft"), user("review", {}, {"draft"}).output("ok", "result.ok"), exclusive("good"), end("e").when("ok")})
                             .path({ref("good"), ref("again").otherwise()})
                             .done();
    Driver run{process};
    run.start();
    run.complete_task("draft", "alice");
    CHECK(run.complete_task("review", "alice") == "four-eyes");
    CHECK(run.assign("review", "alice") == "four-eyes");
    run.complete_task("review", "bob", {{"ok", false}});
    run.complete_task("draft", "carol");
    CHECK(run.complete_task("review", "alice", {{"ok", true}}) == "four-eyes");   // she drafted the first round
    CHECK(run.complete_task("review", "bob", {{"ok", true}}).empty());
    CHECK(run.ended_as(Instance::completed));
}

SCENARIO("a form refuses what does not fit it") {
    model::UserTask review;
    review.form = std::vector<model::FormField>{{"amount", model::builtin_type("number"), true}, {"note", model::builtin_type("string"), false}};
    Driver run{Builder{}.path({start("s"), user("review", review).output("amount", "result.amount"), end("e")}).done()};
    run.start();
    CHECK(run.complete_task("review", "alice", {}) == "form");
    CHECK(run.complete_task("review", "alice", {{"amount", "many"}}) == "form");
    CHECK(run.complete_task("review", "alice", {{"amount", 1}, {"other", 2}}) == "form");
    CHECK(run.complete_task("review", "alice", {{"amount", 1}}).empty());
    CHECK(run.variable("amount") == Value{1});
}

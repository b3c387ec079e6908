// What a handler may return and throw, and what becomes of its step.
#include <kontor/kontor.hpp>
#include <kontor/testing.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

using namespace kontor;
using namespace kontor::literals;
using namespace std::chrono_literals;

namespace {

/// One step that is tried three times, two seconds apart at first, and catches NO_MONEY.
constexpr const char* one_step = R"(
kontor: 1
process: one-step
variables:
  got:    { type: any }
  caught: { type: any }
services:
  work: { contract: idempotent, timeout: PT1M }
flow:
  - startEvent: begun
  - serviceTask: work
    service: work
    output: { got: = result.n }
    retry: { attempts: 3, backoff: PT2S }
    boundaryEvents:
      - error: NO_MONEY
        id: no-money
        output: { caught: = error }
        flow:
          - endEvent: refused
  - endEvent: done
)";

using Handler = std::function<Answer(const ServiceCall&)>;

struct Fixture {
    testing::Engine engine;
    InstanceKey key{};
    explicit Fixture(Handler handler) : engine{{.services = {{"work", std::move(handler)}}}} {
        engine.deploy({yaml_text(one_step, "one-step.yaml")});
        engine.run();
        key = engine.start({.process = "one-step"}).key;
        engine.advance({});
    }
    std::optional<Completed> completed() {
        const auto outcome = engine.wait_for(key, {});
        if (!outcome) return std::nullopt;
        return std::get<Completed>(*outcome);
    }
    /// Kind and message of the only incident; empty if there is none.
    std::string incident() {
        const auto all = engine.incidents({}).items;
        return all.empty() ? "" : all.at(0).kind + ": " + all.at(0).message;
    }
    int calls() { return engine.calls("work"); }
};

Answer seven(const ServiceCall&) { return {{"n", 7}}; }

/// Does the first thing on the first call, and answers on the second.
Handler at_first(std::function<void()> bad) {
    return [bad = std::move(bad)](const ServiceCall& call) -> Answer {
        if (call.attempt() == 1) bad();
        return seven(call);
    };
}

}  // namespace

TEST_CASE("a handler's result is the step's") {
    Fixture f{seven};
    CHECK(f.completed()->variables.get<int>("got") == 7);
    CHECK(f.calls() == 1);
}

TEST_CASE("a BusinessError is caught by the process, with its code, message and variables") {
    Fixture f{[](const ServiceCall&) -> Answer { throw BusinessError{"NO_MONEY", "the account is empty", {{"balance", "0.00"_dec}}}; }};
    REQUIRE(f.completed());
    CHECK(f.completed()->end_event == "refused");
    const auto caught = f.completed()->variables.get<Variables>("caught");
    CHECK(caught.get<std::string>("code") == "NO_MONEY");
    CHECK(caught.get<std::string>("message") == "the account is empty");
    CHECK(f.calls() == 1);
}

TEST_CASE("a BusinessError that nobody catches fails the process or is an incident, and is not retried") {
    Fixture f{[](const ServiceCall&) -> Answer { throw BusinessError{"UNHEARD_OF", "what is this"}; }};
    CHECK(f.incident().find("unhandled-error: ") == 0);
    CHECK(f.incident().find("UNHEARD_OF") != std::string::npos);
    f.engine.advance(1h);
    CHECK(f.calls() == 1);
}

TEST_CASE("anything else that is thrown is retried, with growing pauses, and then an incident") {
    SECTION("an exception of the standard library") {
        Fixture f{[](const ServiceCall&) -> Answer { throw std::runtime_error{"connection refused"}; }};
        CHECK(f.calls() == 1);
        f.engine.advance(1499ms);   // two seconds, less up to a quarter
        CHECK(f.calls() == 1);
        f.engine.advance(501ms);
        CHECK(f.calls() == 2);
        f.engine.advance(2499ms);   // since the second try: twice as long, less up to a quarter
        CHECK(f.calls() == 2);
        f.engine.advance(1501ms);
        CHECK(f.calls() == 3);
        CHECK(f.incident().find("job-exhausted: ") == 0);
        CHECK(f.incident().find("connection refused") != std::string::npos);
        f.engine.advance(24h);
        CHECK(f.calls() == 3);
    }
    SECTION("something that is no exception") {
        Fixture f{at_first([] { throw 42; })};
        f.engine.advance(3s);
        CHECK(f.completed()->variables.get<int>("got") == 7);
        CHECK(f.calls() == 2);
    }
}

TEST_CASE("RetryLater says when, and uses up no attempt") {
    int refusals = 0;
    Fixture f{[&](const ServiceCall& call) -> Answer {
        if (++refusals <= 10) throw RetryLater{10min, "come back later"};
        return seven(call);
    }};
    f.engine.advance(9min);
    CHECK(f.calls() == 1);
    f.engine.advance(1min);
    CHECK(f.calls() == 2);
    f.engine.advance(2h);
    REQUIRE(f.completed());
    CHECK(f.calls() == 11);   // far more than the three attempts
}

TEST_CASE("Permanent is an incident at once, and a resolved one is called again") {
    Fixture f{at_first([] { throw Permanent{"account 17 is closed"}; })};
    CHECK(f.incident().find("job-permanent: ") == 0);
    CHECK(f.incident().find("account 17 is closed") != std::string::npos);
    f.engine.advance(1h);
    CHECK(f.calls() == 1);
    f.engine.resolve(f.engine.incidents({}).items.at(0).key, {});
    f.engine.advance({});
    CHECK(f.completed());
    CHECK(f.incident().empty());
}

TEST_CASE("many incidents are resolved at once, page by page: those that are refused stay") {
    bool works = false;
    testing::Engine engine{{.services = {{"safe.*", [&](const ServiceCall&) -> Answer {
                                              if (!works) throw Permanent{"not today"};
                                              return Variables{};
                                          }}}}};
    engine.deploy({yaml_text(R"(
kontor: 1
process: paying
services:
  safe.*: { contract: idempotent }
flow:
  - startEvent: begun
  - serviceTask: book
    service: safe.book
  - endEvent: done
)", "paying.yaml")});
    engine.run();
    for (int n = 0; n < 7; ++n) engine.start({.process = "paying"});
    engine.advance({});
    REQUIRE(engine.incidents({}).items.size() == 7);
    const auto first = engine.incidents({.limit = 1}).items.at(0);
    CHECK(engine.incidents({.element = "book", .kind = "job-permanent"}).items.size() == 7);
    CHECK(engine.incidents({.kind = "deadlock"}).items.empty());
    CHECK(engine.resolve_all({.kind = "deadlock"}, {.by = {"bob"}}).resolved == 0);

    // What is no variable of the process is refused, one by one.
    const auto refused = engine.resolve_all({.limit = 3}, {.by = {"bob"}, .variables = {{"nothing", std::string(2'000'000, 'x')}}});
    CHECK(refused.resolved == 0);
    REQUIRE(refused.refused.size() == 3);
    CHECK(refused.refused[0].key == first.key);
    CHECK(refused.refused[0].instance == first.instance);
    CHECK_FALSE(refused.refused[0].why.empty());
    CHECK(engine.incidents({}).items.size() == 7);

    works = true;
    IncidentQuery query{.process = "paying", .limit = 3};
    std::uint64_t resolved = 0;
    int pages = 0;
    do {
        const auto part = engine.resolve_all(query, {.by = {"bob"}});
        CHECK(part.refused.empty());
        resolved += part.resolved;
        query.after = part.next;
        ++pages;
    } while (query.after);
    CHECK(resolved == 7);
    CHECK(pages == 3);
    engine.advance({});
    CHECK(engine.instances({.state = State::completed}).items.size() == 7);
    CHECK(engine.incidents({.raised_before = first.raised_at}).items.empty());
}

TEST_CASE("an input of the wrong type is an incident at once: another try would read the same") {
    Fixture f{[](const ServiceCall& call) -> Answer { return {{"n", call.input().get<int>("there-is-no-such-input")}}; }};
    CHECK(f.incident().find("job-permanent: ") == 0);
    CHECK(f.incident().find("there-is-no-such-input") != std::string::npos);
    CHECK(f.calls() == 1);
}

TEST_CASE("Later waits for complete(), fail() or the end of its time") {
    JobKey job;
    Fixture f{[&](const ServiceCall& call) -> Answer {
        job = call.job();
        return Later{2h};
    }};
    f.engine.advance(1h);
    CHECK_FALSE(f.completed());
    SECTION("complete") {
        f.engine.complete(job, {{"n", 8}});
        CHECK(f.completed()->variables.get<int>("got") == 8);
    }
    SECTION("fail with a BPMN error") {
        f.engine.fail(job, {.code = "NO_MONEY"});
        f.engine.advance({});
        CHECK(f.completed()->end_event == "refused");
    }
    SECTION("more time") {
        f.engine.extend(job, 5h);
        f.engine.advance(4h);
        CHECK(f.calls() == 1);
        f.engine.complete(job, {{"n", 8}});
        CHECK(f.completed());
    }
    SECTION("its time is over: an idempotent service is called again") {
        f.engine.advance(61min);
        CHECK(f.calls() == 2);
    }
}

TEST_CASE("a result that is larger than a value may be is an incident, and the instance lives on") {
    Fixture f{at_first([] {})};
    REQUIRE(f.completed());
    Fixture big{[](const ServiceCall& call) -> Answer {
        if (call.attempt() > 1) return seven(call);
        return {{"n", std::string(2u << 20, 'x')}};
    }};
    CHECK(big.incident().find("too-large: ") == 0);
    big.engine.resolve(big.engine.incidents({}).items.at(0).key, {});
    big.engine.advance({});
    CHECK(big.completed()->variables.get<int>("got") == 7);
}

/// Process tests about calls of which nobody knows whether they took effect, incidents, and instances that are suspended.
#include "sandbox/from_yaml.hpp"

#include "core/event.hpp"
#include "sandbox/process_test.hpp"
#include "yaml/test_keys.hpp"

using namespace kontor;
using namespace kontor::sandbox;

namespace {

std::string process_with(const std::string& contract) {
    return "kontor: 1\nprocess: loan\nvariables:\n  paid: { type: any }\n  amount: { type: number, default: 5 }\nservices:\n  funds.*: { contract: " +
           contract + R"( }
messages:
  asked: { correlationKey: = 1, timeToLive: P1D }
flow:
  - startEvent: begin
  - serviceTask: pay
    service: funds.pay
    input: { amount: = amount }
    output: paid
    retry: { attempts: 3, backoff: PT1S }
  - endEvent: done
)";
}

/// The failures of one case, each as `STEP | EXPECTED | FOUND`.
std::vector<std::string> failures(const std::string& process, const std::string& mock, const std::string& steps) {
    const auto file = test::tests("kontor: 1\ntest: loan\nmocks:\n  services:\n    funds.pay: " + mock + "\ncases:\n  - case: a case\n    steps:\n" + steps);
    const auto results = run_tests(file, test::deployed(process));
    REQUIRE(results.size() == 1);
    std::vector<std::string> all;
    for (const Failure& failure : results.front().failures) all.push_back(failure.step + " | " + failure.expected + " | " + failure.found);
    return all;
}

using Texts = std::vector<std::string>;

std::string calls(int n) { return "    expect: { calls: { funds.pay: { times: " + std::to_string(n) + ", sameKey: true } } }\n"; }

const std::string to_the_end = "      - start: {}\n      - ends: done\n";
const std::string until_unknown = "      - start: {}\n      - incident: outcome-unknown\n        at: pay\n";

}  // namespace

TEST_CASE("the kinds of incidents in tests are those of the core, but for those that only a store can bring about") {
    Texts core;
    for (auto kind = core::IncidentKind::expression; kind <= core::IncidentKind::too_large; kind = core::IncidentKind(int(kind) + 1))
        core.emplace_back(core::to_string(kind));
    const auto known = yaml::incident_kinds();
    CHECK(core == Texts(known.begin(), known.end()));
}

SCENARIO("an idempotent service whose calls are lost is called again with the same key") {
    CHECK(failures(process_with("idempotent"), "{ lost: 2, result: { id: B-1 } }", to_the_end + calls(3)) == Texts{});
    CHECK(failures(process_with("idempotent"), "[{ lost: true }, { result: {} }]", to_the_end + calls(2)) == Texts{});
    CHECK(failures(process_with("idempotent"), "{ lost: true }",
                   "      - start: {}\n      - advance: PT1H\n      - incident: job-exhausted\n" + calls(3)) == Texts{});
}

SCENARIO("a queryable service is asked what became of a lost call") {
    const std::string queryable = process_with("queryable");
    CHECK(failures(queryable, "{ lost: true, query: { tookEffect: true, result: { id: '= \"B-\" + string(input.amount)' } } }",
                   to_the_end + "    expect: { variables: { paid.id: B-5 }, calls: { funds.pay: { times: 1 } } }\n") == Texts{});
    CHECK(failures(queryable, "{ lost: 1, query: { tookEffect: false }, result: {} }", to_the_end + calls(2)) == Texts{});
    CHECK(failures(queryable, "{ lost: true, query: { tookEffect: unknown } }", until_unknown + calls(1)) == Texts{});
    // Nothing is said about the query: the call never took effect.
    CHECK(failures(queryable, "{ lost: 1, result: {} }", to_the_end + calls(2)) == Texts{});
}

SCENARIO("a person finds out what became of the call of an unsafe service") {
    const std::string process = process_with("unsafe");
    CHECK(failures(process, "{ lost: true }", until_unknown + "      - restart: true\n      - resolve: pay\n        by: anna\n        tookEffect: true\n"
                                                              "        variables: { id: B-9 }\n      - ends: done\n    expect: { variables: { paid.id: B-9 } }\n") ==
          Texts{});
    CHECK(failures(process, "{ lost: 1, result: { id: B-2 } }",
                   until_unknown + "      - resolve: pay\n        by: anna\n        tookEffect: false\n      - ends: done\n" + calls(2)) == Texts{});
    CHECK(failures(process, "{ lost: true }", until_unknown + "      - resolve: pay\n        by: anna\n        refused: took-effect\n") == Texts{});
}

SCENARIO("a late answer of an attempt that was given up does not count for the next one") {
    std::string process = process_with("idempotent");
    process.replace(process.find("idempotent }"), 12, "idempotent, timeout: PT1M }");
    // The first answer comes while the second call is under way.
    CHECK(failures(process, "[{ after: PT1M30S, error: REFUSED }, { after: PT59S, result: { id: B-3 } }]", to_the_end + calls(2)) == Texts{});
    CHECK(failures(process, "[{ after: PT1M30S, lost: true }, { after: PT59S, result: { id: B-3 } }]", to_the_end + calls(2)) == Texts{});
}

SCENARIO("incidents that are not there") {
    CHECK(failures(process_with("unsafe"), "{ result: {} }", "      - start: {}\n      - incident: deadlock\n") ==
          Texts{"incident: deadlock | an incident deadlock is open | there is none: it ended at done"});
    CHECK(failures(process_with("unsafe"), "{ lost: true }", "      - start: {}\n      - incident: deadlock\n        at: pay\n") ==
          Texts{"incident: deadlock | an incident deadlock is open at pay | there is [outcome-unknown at pay]"});
    CHECK(failures(process_with("unsafe"), "{ after: PT1H }", "      - start: {}\n      - resolve: pay\n        by: anna\n        refused: stale-incident\n") ==
          Texts{});
}

SCENARIO("a suspended instance does nothing until it is resumed") {
    const std::string steps = R"(      - suspend: true
        refused: not-found
      - start: {}
      - suspend: true
        by: anna
      - suspend: true
        refused: not-running
      - restart: true
      - advance: PT2H
      - waits: [pay]
      - resume: true
        by: anna
      - ends: done
      - resume: true
        refused: ended
)";
    const auto found = failures(process_with("unsafe"), "{ after: PT1H, result: {} }", steps);
    CHECK(found == Texts{});
}

SCENARIO("a timer and a message that come while an instance is suspended happen when it is resumed") {
    const std::string process = R"(kontor: 1
process: loan
messages:
  asked: { timeToLive: P1D, correlationKey: = 1 }
flow:
  - startEvent: begin
  - serviceTask: pay
    service: funds.pay
  - intermediateCatchEvent: later
    timer: PT1H
  - intermediateCatchEvent: told
    message: asked
  - endEvent: done
)";
    CHECK(failures(process, "{ result: {} }", R"(      - start: {}
      - waits: [later]
      - suspend: true
      - advance: PT2H
      - waits: [later]
      - resume: true
      - waits: [told]
      - suspend: true
      - publish: asked
        key: 1
      - waits: [told]
      - resume: true
      - ends: done
)") == Texts{});
}

#include "sandbox/from_yaml.hpp"

#include "sandbox/process_test.hpp"
#include "sandbox/trail.hpp"

using namespace kontor;
using namespace kontor::sandbox;

namespace {

const std::string process = R"(kontor: 1
process: loan
variables:
  amount: { type: number, required: true }
  hold:   { type: any }
  opinion: { type: any }
services:
  funds.*: { contract: idempotent }
messages:
  withdrawn: {}
flow:
  - startEvent: asked
  - serviceTask: reserve
    service: funds.reserve
    input: { amount: = amount }
    output: hold
    compensation:
      serviceTask: release
      service: funds.release
  - userTask: review
    candidateGroups: [desk]
    form:
      ok: { type: boolean, required: true }
    output: opinion
    boundaryEvents:
      - id: late
        timer: P2D
        next: undo
  - exclusiveGateway: decided
    branches:
      - if: = opinion.ok
      - default: true
        next: undo
  - endEvent: granted
paths:
  no:
    - intermediateThrowEvent: undo
      compensate: reserve
    - endEvent: refused
)";

const std::string mocks = R"(kontor: 1
test: loan
mocks:
  variables: { amount: 100.00 }
  services:
    funds.reserve: { after: PT1H, result: { id: H-1 } }
    funds.release: { result: {} }
cases:
  - case: a case
)";

/// The failures of one case with these steps and expectations, each as `LINE of the lines: STEP | EXPECTED | FOUND`.
std::vector<std::string> failures(const std::string& lines, const std::string& head = mocks) {
    const auto file = test::tests(head + lines);
    const auto results = run_tests(file, test::deployed(process));
    REQUIRE(results.size() == 1);
    const auto before = std::count(head.begin(), head.end(), '\n');
    std::vector<std::string> all;
    for (const Failure& failure : results.front().failures)
        all.push_back(std::to_string(static_cast<long>(failure.position.line) - before) + ": " + failure.step + " | " + failure.expected + " | " + failure.found);
    return all;
}

using Texts = std::vector<std::string>;

const std::string until_review = R"(    steps:
      - start: {}
      - waits: [reserve]
      - advance: PT1H
      - waits: [review]
)";
const std::string grant = until_review + R"(      - complete: review
        output: { ok: true }
      - ends: granted
)";

}  // namespace

SCENARIO("a case that goes as it says") {
    CHECK(failures(grant + R"(    expect:
      path: [reserve, review, granted]
      never: [undo, refused]
      compensated: []
      calls:
        funds.reserve: { times: 1, input: { amount: 100 }, sameKey: true }
        funds.release: { times: 0 }
      variables:
        hold.id: H-1
        amount: '= amount = 100 and opinion.ok'
)") == Texts{});
}

SCENARIO("a case that is undone, with a restart in every moment") {
    CHECK(failures(R"(    steps:
      - start: { variables: { amount: 5 } }
      - restart: true
      - advance: PT1H
      - restart: true
      - advance: P1DT23H59M
      - waits: [review]
      - restart: true
      - advance: PT1M
      - restart: true
      - ends: refused
    expect:
      path: [..., late, undo, refused]
      compensated: [reserve]
      variables: { amount: 5 }
)") == Texts{});
}

TEST_CASE("steps that do not go as they say") {
    CHECK(failures(until_review + "      - waits: [reserve]\n") ==
          Texts{"6: waits: [reserve] | the instance waits at [reserve] and nowhere else | it waits at [review]"});
    CHECK(failures(until_review + "      - ends: granted\n") == Texts{"6: ends: granted | the instance ends at granted | it ended at refused"});
    CHECK(failures("    steps:\n      - waits: [review]\n") ==
          Texts{"2: waits: [review] | the instance waits at [review] and nowhere else | no instance has started"});
    CHECK(failures("    steps:\n      - start: {}\n      - complete: review\n") ==
          Texts{"3: complete: review | the step is accepted | it was refused [stale-task]: no user task review is open: it waits at [reserve]"});
    CHECK(failures(until_review + "      - publish: withdrawn\n") ==
          Texts{"6: publish: withdrawn | the step is accepted | it was refused [not-awaited]: nobody waits for this message: it waits at [review]"});
    CHECK(failures(until_review + "      - complete: review\n        by: ana\n        groups: [till]\n        output: { ok: true }\n").front().find("[not-a-candidate]") !=
          std::string::npos);
    CHECK(failures("    steps:\n      - start: { variables: { amont: 5 } }\n").front().find("declares no variable amont") != std::string::npos);
}

TEST_CASE("a refusal is wanted") {
    CHECK(failures(until_review + "      - complete: review\n        output: {}\n        refused: form\n") == Texts{});
    CHECK(failures(until_review + "      - complete: review\n        output: { ok: true }\n        refused: form\n") ==
          Texts{"6: complete: review | the step is refused by the rule form | it was accepted"});
    CHECK(failures(until_review + "      - complete: review\n        output: {}\n        refused: four-eyes\n").front().find("by another, [form]") !=
          std::string::npos);
}

TEST_CASE("expectations that are not met") {
    const auto failing = [](const std::string& expect) { return failures(grant + "    expect:\n      " + expect + "\n").front(); };
    CHECK(failing("path: [review, granted]") == "10: path | [review, granted] | [reserve, review, granted]");
    CHECK(failing("never: [review]") == "10: never | review is not reached | it was: [reserve, review, granted]");
    CHECK(failing("compensated: [reserve]") == "10: compensated | [reserve] in this order and nothing else | []");
    CHECK(failing("calls: { funds.reserve: { times: 2 } }") == "10: calls of funds.reserve | 2 calls | 1");
    CHECK(failing("calls: { funds.release: {} }").ends_with("calls of funds.release | at least one call | none"));
    CHECK(failing("calls: { funds.reserve: { input: { amount: 7 } } }").ends_with("every call has the input {amount: 7} | call 1 had {amount: 100.00}"));
    CHECK(failing("variables: { hold.id: H-2 }").ends_with("variables: hold.id | \"H-2\" | \"H-1\""));
    CHECK(failing("variables: { hold.nothing.at: 1 }").ends_with("1 | there is no hold.nothing.at"));
    CHECK(failing("variables: { amount: '= amount > 100' }").ends_with("amount > 100 is true | it is false; amount is 100.00"));
}

TEST_CASE("a service that nobody mocked fails the case") {
    const std::string head = "kontor: 1\ntest: loan\nmocks:\n  variables: { amount: 1 }\ncases:\n  - case: a case\n";
    const auto found = failures("    steps:\n      - start: {}\n      - waits: [review]\n", head);
    REQUIRE(found.size() == 1);
    CHECK(found.front().find("an answer of the service funds.reserve") != std::string::npos);
}

TEST_CASE("coverage says what no case has reached") {
    const auto definitions = test::deployed(process);
    Coverage coverage;
    coverage.add(definitions.front());
    run_tests(test::tests(mocks + grant), definitions, &coverage);
    const auto report = coverage.report();
    REQUIRE(report.size() == 1);
    CHECK(report[0].missed_elements == Texts{"release", "late", "undo", "refused"});
    CHECK(report[0].elements == report[0].elements_reached + 4);
    CHECK(report[0].missed_flows == Texts{"late -> undo", "decided -> undo", "undo -> refused"});
}

TEST_CASE("paths with gaps") {
    const Texts path{"a", "b", "b", "c"};
    CHECK(matches({"a", "b", "b", "c"}, path));
    CHECK(matches({"..."}, path));
    CHECK(matches({"...", "b", "c"}, path));
    CHECK(matches({"a", "...", "b", "...", "c", "..."}, path));
    CHECK(matches({"...", "...", "c"}, path));
    CHECK_FALSE(matches({"a", "b", "c"}, path));
    CHECK_FALSE(matches({"a", "..."}, {}));
    CHECK_FALSE(matches({"a", "...", "b"}, path));
    CHECK_FALSE(matches({}, path));
    CHECK(matches({}, {}));
}

#include "sandbox/from_yaml.hpp"

#include "sandbox/mock_world.hpp"
#include "sandbox/sandbox.hpp"

using namespace kontor;
using namespace kontor::sandbox;

namespace {

/// Calls `service` as often as asked, and says what came: the result, `error CODE`, or `failed`.
std::vector<std::string> answers(const std::string& mock_lines, const std::string& service, int times, std::vector<std::string>* unmocked = nullptr) {
    const auto mocks = test::mocks("kontor: 1\nmocks:\n" + mock_lines);
    MockWorld world{mocks, MockWorld::Unmocked::record, MockWorld::Untold::wait};
    const model::Process process;
    const core::State state;
    const model::Element element;
    const Variables input{{"amount", 5}};
    std::vector<std::string> all;
    for (int i = 0; i < times; ++i) {
        const ServiceAnswer answer = world.call({state, process, element, {}, service, input, 1, "key", Instant{}});
        std::string text = answer.after > Duration{} ? "after " + std::to_string(answer.after.count()) + " ms: " : "";
        if (const auto* returned = std::get_if<Returned>(&answer.reply)) text += feel::to_feel(returned->result);
        if (const auto* error = std::get_if<ReturnedError>(&answer.reply)) text += "error " + error->code;
        if (std::holds_alternative<Failed>(answer.reply)) text += "failed";
        all.push_back(text);
    }
    if (unmocked) *unmocked = world.unmocked();
    return all;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("answers come in their order, and the last one stays") {
    CHECK(answers("  services:\n    a: [{ result: 1 }, { result: 2 }]\n", "a", 4) == Texts{"1", "2", "2", "2"});
    CHECK(answers("  services:\n    a: { result: { b: 1.50 } }\n", "a", 2) == Texts{"{b: 1.50}", "{b: 1.50}"});
}

TEST_CASE("failures stand for as many calls as they say") {
    CHECK(answers("  services:\n    a: [{ fails: 2 }, { result: 1 }]\n", "a", 4) == Texts{"failed", "failed", "1", "1"});
    CHECK(answers("  services:\n    a: { fails: 2, result: 1 }\n", "a", 4) == Texts{"failed", "failed", "1", "1"});
    CHECK(answers("  services:\n    a: [{ result: 1 }, { fails: 1 }, { result: 2 }]\n", "a", 4) == Texts{"1", "failed", "2", "2"});
    // Nothing follows the failures: it goes on failing.
    CHECK(answers("  services:\n    a: { fails: 1 }\n", "a", 3) == Texts{"failed", "failed", "failed"});
}

TEST_CASE("an answer takes its time, is an error, or is calculated from the input") {
    CHECK(answers("  services:\n    a: { after: PT2S, error: NOT_FOUND }\n", "a", 1) == Texts{"after 2000 ms: error NOT_FOUND"});
    CHECK(answers("  services:\n    a: { result: '= input.amount * 2' }\n", "a", 1) == Texts{"10"});
}

TEST_CASE("a service that is not mocked by name") {
    Texts unmocked;
    CHECK(answers("  services:\n    a: { result: 1 }\n", "b", 2, &unmocked) == Texts{"{}", "{}"});
    CHECK(unmocked == Texts{"b"});
    CHECK(answers("  services:\n    a: { result: 1 }\n  unmocked: { result: 7 }\n", "b", 1, &unmocked) == Texts{"7"});
    CHECK(unmocked.empty());
}

SCENARIO("people whom nobody has told what to do are different ones where four eyes are wanted") {
    const auto definitions = test::deployed(R"(kontor: 1
process: p
flow:
  - startEvent: begin
  - userTask: first
    candidateGroups: [desk]
  - userTask: second
    candidateGroups: [desk]
    notSameUserAs: [first]
  - endEvent: done
)");
    const yaml::Mocks none;
    MockWorld world{none, MockWorld::Unmocked::answer_nothing, MockWorld::Untold::complete};
    Sandbox box{definitions, world, Instant{}};
    const auto key = box.start("p", {});
    box.settle();
    CHECK(box.state(key).ended());
    std::vector<std::string> people;
    for (const auto& [element, users] : box.state(key).completed_by) people.insert(people.end(), users.begin(), users.end());
    CHECK(people == Texts{"desk", "desk-2"});
}

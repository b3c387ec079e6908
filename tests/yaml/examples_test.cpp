/// Whole files, as users write them: read without a word, and what they say arrives in the model.
#include "dmn/decision_table.hpp"
#include "value/calendar.hpp"
#include "yaml/read.hpp"
#include "yaml/test_file.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

using namespace kontor;
using namespace kontor::literals;

namespace {

const std::string folder = KONTOR_SOURCE_DIR "/tests/yaml/examples/";

std::optional<yaml::Source> example(std::string_view name) {
    std::ifstream in{folder + std::string{name}, std::ios::binary};
    if (!in) return std::nullopt;
    std::ostringstream text;
    text << in.rdbuf();
    return yaml::Source{std::string{name}, text.str()};
}

std::optional<yaml::Source> beside(std::string_view name, const yaml::Source&) { return example(name); }

std::string all(const std::vector<Problem>& problems) {
    std::string text;
    for (const Problem& problem : problems) text += to_string(problem) + "\n";
    return text;
}

model::Process home_loan() {
    auto file = yaml::read_process(*example("home-loan.yaml"), beside);
    INFO(all(file.problems));
    REQUIRE(file.ok());
    CHECK(file.problems.empty());
    return std::move(file.processes.at(0));
}

std::vector<std::string> targets(const model::Process& process, std::string_view id) {
    std::vector<std::string> ids;
    for (const auto flow : process.find(id)->outgoing) ids.push_back(process[process[flow].target].id);
    return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("the kinds of files are told apart by their keys") {
    using yaml::FileKind;
    CHECK(yaml::kind_of(*example("home-loan.yaml")) == FileKind::process);
    CHECK(yaml::kind_of(*example("loan-eligibility.decision.yaml")) == FileKind::decision);
    CHECK(yaml::kind_of(*example("loan-types.yaml")) == FileKind::types);
    CHECK(yaml::kind_of(*example("home-loan.test.yaml")) == FileKind::test);
    CHECK(yaml::kind_of({"m.yaml", "services: { a: { result: {} } }"}) == FileKind::mock);
    CHECK(yaml::kind_of({"x.yaml", "- 1"}) == FileKind::unknown);
    CHECK(yaml::kind_of({"x.yaml", "{"}) == FileKind::unknown);
    CHECK(yaml::read_types(*example("loan-types.yaml")).empty());
}

TEST_CASE("a whole process: header, flow and joins") {
    const auto process = home_loan();
    CHECK(process.id == "home-loan");
    CHECK(process.version_tag == "2026.2");
    CHECK(process.time_zone == "Europe/Paris");
    CHECK(process.calendar == "target2");
    CHECK(process.extensions.contains("camunda"));
    CHECK(targets(process, "dossier-checked") == Ids{"investigate", "close-incomplete", "request-documents"});
    CHECK(targets(process, "investigate") == Ids{"check-credit", "value-property"});
    // Two ways out of one branch are one token for the join.
    CHECK(targets(process, "value-property") == Ids{"investigated.property"});
    CHECK(targets(process, "value-property.PROPERTY_NOT_FOUND") == Ids{"investigated.property"});
    CHECK(process.find("investigated.property")->implied);
    CHECK(targets(process, "check-credit") == Ids{"investigated"});
    CHECK(targets(process, "documents-awaited") == Ids{"documents-awaited.documents-received", "documents-awaited.timer"});
    // The third branch is empty, yet its token goes to the join.
    CHECK(targets(process, "conditions") == Ids{"arrange-insurance", "co-borrower-consent", "conditions-met"});
    CHECK_FALSE(process.find("value-property.timer") == nullptr);
    CHECK_FALSE(std::get<model::BoundaryEvent>(process.find("value-property.timer")->kind).interrupting);
}

TEST_CASE("a whole process: calls, compensation, tasks and events") {
    const auto process = home_loan();
    const auto& check = *model::service_call(process.find("check-credit")->kind);
    CHECK(check.service == "credit.check");
    CHECK(check.contract == model::Contract::idempotent);
    CHECK(check.timeout == std::chrono::minutes{2});
    CHECK(check.retry.attempts == 5);
    const auto& value = *model::service_call(process.find("value-property")->kind);
    CHECK(value.retry.on_exhausted == "PROPERTY_UNAVAILABLE");
    CHECK(value.retry.max_backoff == std::chrono::minutes{1});
    const auto& undo = *process.find("cancel-credit-check");
    CHECK(process.find("check-credit")->compensation_handler == undo.index);
    CHECK(undo.compensates == process.find("check-credit")->index);
    CHECK(undo.outgoing.empty());
    CHECK(undo.input.at(1).source.expression.text() == "compensated.idempotencyKey");
    CHECK(process.find("check-credit")->output.at(0).source.expression.text() == "result");
    const auto& review = std::get<model::UserTask>(process.find("risk-review")->kind);
    CHECK(review.not_same_user_as == std::vector{process.find("commercial-review")->index});
    CHECK(review.form->at(0).type->allowed_values.size() == 2);
    CHECK(process.find("risk-review")->lane == "risk");
    const auto& throws = std::get<model::IntermediateThrowEvent>(process.find("undo-credit-check")->kind);
    CHECK(std::get<model::CompensateEvent>(throws.definition).activity == process.find("check-credit")->index);
    const auto& withdrawn = *process.find("home-loan.application-withdrawn");
    CHECK(process.scope(model::root).event_subprocesses == std::vector{withdrawn.index});
    const auto& start = process[process.scope(withdrawn.index).start_events.at(0)];
    CHECK(start.implied);
    CHECK(process.messages[std::get<model::MessageEvent>(std::get<model::StartEvent>(start.kind).definition).message].name ==
        "application-withdrawn");
    const auto& reserve = process.scope(process.find("reserve")->index);
    CHECK(reserve.on_interrupt == model::OnInterrupt::compensate);
    CHECK(process[reserve.start_events.at(0)].id == "reserve.start");
}

TEST_CASE("a decision file is a table that decides") {
    const auto file = yaml::read_decision(*example("loan-eligibility.decision.yaml"), beside);
    INFO(all(file.problems));
    REQUIRE(file.ok());
    CHECK(file.problems.empty());
    CHECK(file.id == "loan-eligibility");
    const auto result = dmn::evaluate(*file.decision, Variables{{"score", 735}, {"ltv", "0.78"_dec}, {"debtRatio", "0.15"_dec},
        {"employment", "permanent"}}, {});
    REQUIRE(result.value.if_context());
    CHECK(*result.value.if_context()->find("rate") == Value{"3.10"_dec});
    CHECK(result.matched_rules == std::vector<std::size_t>{5});
}

TEST_CASE("findings in a decision file stand where they are") {
    const auto file =
        yaml::read_decision({"d.yaml",
            "kontor: 1\ndecision: d\nhitPolicy: FIRST\ninputs:\n  a: number\noutputs:\n  b: { type: number }\nrules: |\n  | a    || b     |\n"
                                                     "  |------||-------|\n  | < >  || 1     |\n  | 3    || 1 +   |\n"});
    INFO(all(file.problems));
    REQUIRE_FALSE(file.ok());
    CHECK(std::ranges::all_of(file.problems, [](const Problem& p) { return p.file == "d.yaml"; }));
    const auto policy =
        yaml::read_decision({"d.yaml",
            "kontor: 1\ndecision: d\nhitPolicy: FRIST\ninputs: { a: number }\noutputs: { b: number }\nrules: |\n  | a || b |\n  |---||---|\n  | 3 || 1 |\n"});
    CHECK(all(policy.problems) == "d.yaml:3:12: error: no hit policy is named `FRIST` [hit-policy]\n");
    CHECK(std::ranges::any_of(file.problems, [](const Problem& p) { return p.line == 11; }));
    CHECK(std::ranges::any_of(file.problems, [](const Problem& p) { return p.line == 12; }));
    const auto empty =
        yaml::read_decision({"d.yaml", "kontor: 1\ndecision: d\nrules: x\ninputs: []\noutputs: {}\nhitpolicy: UNIQUE\n"});
    CHECK(all(empty.problems).find("did you mean") == std::string::npos);   // hints stay out of the line
    CHECK(all(empty.problems).find("d.yaml:6:1: error: unknown key `hitpolicy` on a decision [unknown-key]") !=
        std::string::npos);
}

TEST_CASE("link() wants every decision that a process names") {
    const auto decision = yaml::read_decision(*example("loan-eligibility.decision.yaml"), beside);
    const auto linked = yaml::link(home_loan(), {{decision.id, decision.decision}});
    REQUIRE(std::holds_alternative<std::shared_ptr<model::Definition>>(linked));
    CHECK(std::get<0>(linked)->decisions.size() == 1);
    const auto missing = yaml::link(home_loan(), {});
    REQUIRE(std::holds_alternative<std::vector<Problem>>(missing));
    CHECK(std::get<1>(missing).at(0).rule == "unknown-decision");
}

TEST_CASE("a test file: mocks, steps and expectations") {
    const auto file = yaml::read_test(*example("home-loan.test.yaml"));
    INFO(all(file.problems));
    REQUIRE(file.ok());
    CHECK(file.problems.empty());
    CHECK(file.process == "home-loan");
    CHECK(file.mocks.start == calendar::to_instant({{2026, 3, 2}, {8, 0, 0, 0, {}}}));
    CHECK(file.mocks.variables.get<Variables>("application").get<Variables>("property").get<std::string>("parcel") == "01067");
    CHECK(file.mocks.services.at("property.value").at(0).after == std::chrono::hours{3});
    REQUIRE(file.mocks.unmocked);
    REQUIRE(file.cases.size() == 2);
    const auto& first = file.cases[0];
    CHECK(first.name == "valuation fails, so the credit check is undone");
    const auto mocks = file.mocks.with(first.mocks);
    CHECK(mocks.services.at("property.value").at(0).error == "PROPERTY_NOT_FOUND");
    CHECK(mocks.services.at("credit.cancel").at(0).fails == 2);
    CHECK(mocks.services.at("credit.check").size() == 1);
    CHECK(first.steps.size() == 5);
    CHECK(std::get<yaml::step::Waits>(first.steps[1].action).elements == Ids{"value-property"});
    CHECK(std::get<yaml::step::Advance>(first.steps[3].action).by == std::chrono::hours{2});
    CHECK(std::get<yaml::step::Ends>(first.steps[4].action).element == "refused");
    CHECK(first.expect.compensated == Ids{"check-credit"});
    CHECK(first.expect.calls.at(1).service == "credit.cancel");
    CHECK(first.expect.calls.at(1).times == 3u);
    CHECK(first.expect.calls.at(1).same_key);
    CHECK(first.expect.calls.at(1).input->get<std::string>("check") == "K-1");
    CHECK(first.expect.never == Ids{"assess", "commercial-review"});
    const auto& second = file.cases[1];
    CHECK(second.steps[3].refused == "four-eyes");
    CHECK(std::get<yaml::step::Complete>(second.steps[2].action).output.get<std::string>("decision") == "eligible");
    CHECK(std::get<yaml::step::Publish>(second.steps[7].action).key == Value{"L-42"});
    CHECK(second.expect.path->at(1) == "...");
    CHECK(std::get<Value>(second.expect.variables.at(0).wanted) == Value{"1400.12"_dec});
    CHECK(std::get<model::Formula>(second.expect.variables.at(1).wanted).expression.text() == "assessment.rate = 3.10");
}

TEST_CASE("mocks alone, with dates and answers that read their input") {
    const auto file =
        yaml::read_mocks({"m.yaml",
            "start: 2026-03-02T09:00:00Z\nvariables: { due: '= date(\"2026-03-01\")' }\nservices:\n  a: { result: { twice: = input.amount * 2 } }\n"
                                                  "  '*': { error: DOWN, message: no line }\nuserTasks:\n  review: { by: alice, groups: [risk], after: PT1H, result: { ok: true } }\n"});
    INFO(all(file.problems));
    REQUIRE(file.ok());
    CHECK(file.mocks.variables.get<Date>("due") == Date{2026, 3, 1});
    CHECK(file.mocks.unmocked->error == "DOWN");
    CHECK(file.mocks.user_tasks.at("review").at(0).groups == Ids{"risk"});
    const auto answer = file.mocks.services.at("a").at(0).result->expression.evaluate(
        feel::ContextScope{Variables{{"input", Variables{{"amount", 4}}}}}, {});
    CHECK(answer.value == Value{Variables{{"twice", 8}}});
}

TEST_CASE("what is wrong in a test file is said at its place") {
    const auto file =
        yaml::read_test({"t.yaml",
            "kontor: 1\ntest: p\nmocks:\n  start: tomorrow\n  services: { a: { reslut: 1 } }\ncases:\n  - case: one\n    steps:\n      - strat: {}\n      - advance: soon\n"
                                                 "      - publish: m\n        by: alice\n      - start: {}\n        restart: true\n    expect: { calls: { a: { times: -1 } } }\n  - case: one\n    steps: []\n"});
    CHECK(all(file.problems) ==
          "t.yaml:4:10: error: `start` wants a date and time such as 2026-03-02T09:00:00@Europe/Paris, not `tomorrow` [wrong-type]\n"
          "t.yaml:5:20: error: unknown key `reslut` on a mock [unknown-key]\n"
          "t.yaml:9:9: error: unknown key `strat` on a step [unknown-key]\n"
          "t.yaml:10:18: error: `advance` wants a duration such as PT30S, PT2M or P1D, not `soon` [wrong-type]\n"
          "t.yaml:12:9: error: `by` says nothing about `publish` [unknown-key]\n"
          "t.yaml:14:9: error: a step is one thing: this one is `start` already [two-elements]\n"
          "t.yaml:15:36: error: `times` wants a whole number from 0, not `-1` [wrong-type]\n"
          "t.yaml:16:5: error: there is a second case `one` [duplicate-id]\n");
}

TEST_CASE("the hint for a step that does nothing names every kind of step") {
    const auto file = yaml::read_test({"t.yaml", "kontor: 1\ntest: p\ncases:\n  - case: one\n    steps:\n      - by: alice\n"});
    REQUIRE(file.problems.size() == 1);
    CHECK(file.problems[0].message == "this step does nothing");
    CHECK(file.problems[0].hint ==
          "begin it with start, advance, restart, complete, publish, suspend, resume, resolve, incident, waits or ends");
}

#include "journal/event_json.hpp"

#include "journal/key_codec.hpp"
#include "value/json.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::journal;
using core::ElementIndex;
using core::ElementKey;
using core::FlowIndex;

namespace {

model::Formula formula(std::string_view text) { return {std::get<feel::Expression>(feel::Expression::parse(text)), {}}; }
model::Mapping mapping(std::string target, std::string_view source) { return {std::move(target), formula(source), {}}; }

model::Variable variable(std::string name, bool sensitive, std::vector<std::string> sensitive_parts = {}) {
    model::Variable made;
    made.name = std::move(name);
    made.type = model::builtin_type("any");
    made.sensitive = sensitive;
    made.sensitive_parts = std::move(sensitive_parts);
    return made;
}

constexpr ElementIndex application{1}, check_credit{2}, cancel_check{3}, summarize{4}, notify{5}, no_such_client{6};

/// A little of the home loan: `credit` is sensitive, of `application` only the applicant is.
model::Process loan() {
    model::Process process;
    process.id = "home-loan";
    const auto add = [&](std::string id, model::Kind kind) -> model::Element& {
        auto& element = process.elements.emplace_back();
        element.index = ElementIndex{static_cast<std::uint32_t>(process.elements.size() - 1)};
        element.id = std::move(id);
        element.kind = std::move(kind);
        return element;
    };
    model::ProcessElement root;
    root.variables = {variable("application", false, {"applicant"}), variable("credit", true), variable("summary", false),
                      variable("refusal", false)};
    add("home-loan", root);
    add("application-received", model::StartEvent{});

    auto& credit = add("check-credit", model::ServiceTask{});
    credit.input = {mapping("applicant", "application.applicant"), mapping("amount", "application.amount")};
    credit.output = {mapping("credit", "result")};
    credit.compensation_handler = cancel_check;
    auto& cancel = add("cancel-credit-check", model::ServiceTask{});
    cancel.input = {mapping("call", "compensated.idempotencyKey"), mapping("person", "application.applicant.name")};

    add("summarize", model::ScriptTask{formula("\"score \" + string(credit.score)")}).output = {mapping("summary", "result")};
    add("notify", model::SendTask{}).input = {mapping("id", "application.id"), mapping("text", "summary")};
    auto& boundary = add("no-such-client", model::BoundaryEvent{model::ErrorEvent{}, check_credit, true});
    boundary.output = {mapping("refusal", "error.code")};
    auto& flow = process.flows.emplace_back();
    flow.id = "to-check";
    flow.source = application;
    flow.target = check_credit;
    return process;
}

const core::Position position{3, 17};
const InstanceKey instance{first_key(position)};
const ElementKey root{instance.value};
const ElementKey task{instance.value + 1};
const Variables person{{"id", "L-42"}, {"amount", 100}, {"applicant", Variables{{"name", "Ada"}}}};

std::string lines(std::vector<core::Event> events, Show show = Show::masked) {
    const model::Process process = loan();
    Whereabouts where;
    core::InstanceStarted started{};
    started.key = instance;
    where.follow(process, started);
    std::string out;
    EventJson{process, show}.write({position, instance, Instant{}, std::move(events)}, where, out);
    return out;
}

/// The last line, read as JSON.
Variables last(std::vector<core::Event> events, Show show = Show::masked) {
    std::string text = lines(std::move(events), show);
    text.pop_back();
    return json::parse(text.substr(text.rfind('\n') + 1)).as<Variables>();
}

core::ElementActivated activated(ElementIndex element, Value payload = {}, ElementKey compensates = {}) {
    return {task, element, root, {FlowIndex{0}}, false, compensates, std::move(payload)};
}

}  // namespace

TEST_CASE("a line names the row, the event and its element, then its own fields") {
    const std::string base = std::to_string(instance.value);
    CHECK(lines({activated(check_credit)}) ==
          R"({"position":"3:17","at":"1970-01-01T00:00:00.000Z","event":"elementActivated","instance":")" + base +
              R"(","process":"home-loan","element":"check-credit","elementType":"serviceTask","scope":")" + base + R"(","key":")" +
              std::to_string(task.value) + R"(","flows":["to-check"],"joined":false})" + "\n");
}

TEST_CASE("an event that carries only a key is told where it happened") {
    SECTION("by the events before it") {
        const auto line = last({activated(check_credit), core::JobRetried{task, 2}});
        CHECK(line.at("element") == Value{"check-credit"});
        CHECK(line.at("elementType") == Value{"serviceTask"});
        CHECK(line.at("scope") == Value{root.str()});
        CHECK(line.at("attempt") == Value{2});
    }
    SECTION("by the state before it") {
        const model::Process process = loan();
        core::State state;
        state.elements[task] = core::ElementInstance{};
        state.elements[task].element = notify;
        state.elements[task].scope = root;
        state.incidents[{99}].element = task;
        Whereabouts where{state};
        CHECK(where.follow(process, core::JobRetried{task, 2})->element == notify);
        CHECK(where.follow(process, core::IncidentResolved{{99}, "alice", {}})->element == notify);
    }
    SECTION("a timer belongs to the event that it triggers") {
        const core::WaitKey wait{instance.value + 2};
        const core::TimerScheduled scheduled{wait, task, no_such_client, Instant{}, 0};
        const auto line = last({activated(check_credit), scheduled, core::TimerFired{wait, {}}});
        CHECK(line.at("element") == Value{"no-such-client"});
        CHECK(line.at("wait") == Value{wait.str()});
    }
    SECTION("the instance's own events are about no element") { CHECK_FALSE(last({core::InstanceResumed{"alice"}}).contains("element")); }
}

TEST_CASE("sensitive variables and parts are masked where they are written") {
    core::InstanceStarted started{};
    started.key = instance;
    started.variables = {{"application", person}, {"credit", Variables{{"score", 700}}}};
    const auto shown = last({started}).get<Variables>("variables");
    CHECK(shown.at("credit") == Value{"***"});
    CHECK(shown.get<Variables>("application") == Variables{{"id", "L-42"}, {"amount", 100}, {"applicant", "***"}});
    CHECK(last({started}, Show::everything).get<Variables>("variables").at("application") == Value{person});

    const Variables undo{{"call", "k-1"}, {"person", "Ada"}};
    const core::ElementCompleted completed{task, {{root, "credit", 700}, {root, "refusal", "none"}}, {}, undo};
    const auto line = last({activated(check_credit), completed});
    CHECK(json::write(line.at("writes")).find("700") == std::string::npos);
    CHECK(json::write(line.at("writes")).find("none") != std::string::npos);
    CHECK(line.get<Variables>("compensation") == Variables{{"call", "k-1"}, {"person", "***"}});
}

TEST_CASE("inputs and results are masked by the expressions that they come from and go to") {
    const Variables input{{"applicant", "Ada"}, {"amount", 100}};
    CHECK(last({activated(check_credit), core::JobCreated{task, input}}).get<Variables>("input") ==
          Variables{{"applicant", "***"}, {"amount", 100}});
    CHECK(last({activated(check_credit), core::JobCompleted{task, 700}}).at("result") == Value{"***"});
    CHECK(last({activated(cancel_check, Variables{{"call", "k-1"}, {"person", "Ada"}}, {77})}).get<Variables>("payload") ==
          Variables{{"call", "k-1"}, {"person", "***"}});
}

TEST_CASE("what is computed from a sensitive variable is sensitive") {
    CHECK(last({activated(summarize), core::ElementTriggered{task, {}, "score 700"}}).at("payload") == Value{"***"});
    CHECK(last({activated(notify), core::JobCreated{task, {{"id", "L-42"}, {"text", "score 700"}}}}).get<Variables>("input") ==
          Variables{{"id", "L-42"}, {"text", "***"}});
    CHECK(last({activated(notify), core::JobCompleted{task, "sent to Ada"}}).at("result") == Value{"***"});
}

TEST_CASE("an error keeps its code, and its message and data are masked") {
    const core::ErrorThrown thrown{task, "NO_SUCH_CLIENT", "nobody is called Ada", "Ada"};
    const auto line = last({activated(check_credit), thrown});
    CHECK(line.at("code") == Value{"NO_SUCH_CLIENT"});
    CHECK(line.at("message") == Value{"***"});
    CHECK(line.at("data") == Value{"***"});
    const Variables error{{"code", "NO_SUCH_CLIENT"}, {"message", "nobody is called Ada"}, {"data", "Ada"}};
    CHECK(last({activated(no_such_client, error)}).get<Variables>("payload") ==
          Variables{{"code", "NO_SUCH_CLIENT"}, {"message", "***"}, {"data", "***"}});
}

TEST_CASE("every use of a variable but that of an innocent part counts as reading its sensitive parts") {
    const auto [text, hidden] = GENERATE(table<const char*, bool>({{"application.id", false},
                                                                   {"application . id", false},
                                                                   {"application.amount * 2 + application.id", false},
                                                                   {"my.application", false},
                                                                   {"application", true},
                                                                   {"application.applicant", true},
                                                                   {"application.applicant.name", true},
                                                                   {"application. applicant", true},
                                                                   {"application.id + application.applicant", true},
                                                                   {"for a in [application] return a.applicant", true},
                                                                   {"get value(application, \"applicant\")", true}}));
    model::Process process = loan();
    process.elements[5].input = {mapping("text", text)};
    const Masking masking{process};
    CHECK((masking.inputs(process.elements[5], {{"text", "Ada"}}).at("text") == Value{"***"}) == hidden);
}

/// The `mocks:` block.
#include "value/calendar.hpp"
#include "value/temporal_text.hpp"
#include "yaml/mocks.hpp"
#include "yaml/test_keys.hpp"
#include "yaml/tree/parse.hpp"

#include <algorithm>
#include <array>

namespace kontor::yaml {

namespace {

constexpr std::array<Key, 6> mocks_table{{{"start", Shape::instant, "virtual time at the beginning"},
                                          {"variables", Shape::values, "given at every start"},
                                          {"services", Shape::mock_services,
                                              "service: what it answers; a list answers call after call"},
                                          {"userTasks", Shape::mock_tasks, "user task: how a person answers it"},
                                          {"unmocked", Shape::mock_answer,
                                              "answer of all other services; without it an unmocked call fails the test"},
                                          {"kontor", Shape::format, "format of this file: 1"}}};
constexpr std::array<Key, 1> mock_file_table{{{"mocks", Shape::mocks, "the mocks, if they do not stand at the top"}}};
constexpr std::array<Key, 7> answer_table{{{"result", Shape::anything, "what it answers; expressions read `input`"},
                                           {"error", Shape::text, "the BPMN error that it throws instead"},
                                           {"message", Shape::text, "of the error"},
                                           {"fails", Shape::count, "that many technical failures first"},
                                           {"lost", Shape::lost, "that many calls get no answer first; true: all"},
                                           {"query", Shape::mock_query, "what it says when it is asked about a lost call"},
                                           {"after", Shape::duration, "how long it takes"}}};
constexpr std::array<Key, 2> query_table{{{"tookEffect", Shape::took_effect, "whether the lost call took effect", required},
                                          {"result", Shape::anything, "what that call answered; expressions read `input`"}}};
constexpr std::array<Key, 4> task_table{{{"result", Shape::anything, "what the person enters; expressions read `input`"},
                                         {"by", Shape::text, "who completes it"},
                                         {"groups", Shape::texts, "his groups"},
                                         {"after", Shape::duration, "how long it takes"}}};

std::optional<bool> read_took_effect(const Site& site, const Node& node) {
    if (node.is_scalar() && spelling(node) == Spelling::boolean) return node.text == "true";
    if (!node.is_scalar() || node.text != "unknown") site.wanted("tookEffect", "true, false or unknown", node);
    return std::nullopt;
}

std::optional<MockQuery> read_query(const Site& site, const Node& node) {
    if (!expect_map(site, node, "query", "a mapping such as { tookEffect: false }")) return std::nullopt;
    const Fields fields{site, node, "a mocked query", {query_table}};
    MockQuery query;
    if (const Node* took = fields["tookEffect"]) query.took_effect = read_took_effect(site, *took);
    if (const Node* result = fields["result"]) query.result = read_formula(site, *result, "result", Names{});
    if (query.result && !query.took_effect.value_or(false))
        site.error(fields.entry("result")->key, "wrong-type", "a call that is not known to have taken effect has no `result`",
                   "write `tookEffect: true`, or leave `result` out");
    return query;
}

/// How many calls are lost; `true` is one that, as the only answer, stays.
std::uint32_t read_lost(const Site& site, const Fields& fields, const Node& node) {
    if (node.is_scalar() && spelling(node) == Spelling::boolean && node.text == "true") {
        for (const char* answer : {"result", "error"})
            if (const Entry* entry = fields.entry(answer))
                site.error(entry->key, "wrong-type", "`lost: true` loses every call, so this is never answered",
                           "write `lost: 1` for the first call; what a query finds out stands in `query`");
        return 1;
    }
    if (!node.is_scalar() || spelling(node) != Spelling::number) return site.wanted("lost", "true or a whole number from 1", node), 1;
    return read_count(site, node, "lost").value_or(1);
}

MockAnswer read_answer(const Site& site, const Node& node) {
    MockAnswer answer;
    answer.position = node.position;
    if (!expect_map(site, node, "a mock", "a mapping such as { result: {} }")) return answer;
    const Fields fields{site, node, "a mock", {answer_table}};
    if (const Node* result = fields["result"]) answer.result = read_formula(site, *result, "result", Names{});
    if (const Node* error = fields["error"]) answer.error = read_text(site, *error, "error");
    answer.message = fields.text("message");
    if (const Node* fails = fields["fails"]) answer.fails = read_count(site, *fails, "fails").value_or(0);
    if (const Node* after = fields["after"]) answer.after = read_duration(site, *after, "after").value_or(Duration{});
    if (const Node* lost = fields["lost"]) answer.lost = read_lost(site, fields, *lost);
    if (const Node* query = fields["query"]) answer.query = read_query(site, *query);
    if (fields["fails"] && fields["lost"]) site.error(fields.entry("lost")->key, "wrong-type",
        "`fails` and `lost` exclude each other", "make a list of them: [{ fails: 1 }, { lost: 1 }]");
    if (fields["result"] && fields["error"]) site.error(fields.entry("error")->key, "wrong-type",
        "`result` and `error` exclude each other");
    return answer;
}

MockTask read_task(const Site& site, const Node& node) {
    MockTask task;
    task.position = node.position;
    if (!expect_map(site, node, "a mock", "a mapping such as { by: alice, result: {} }")) return task;
    const Fields fields{site, node, "a mocked user task", {task_table}};
    if (const Node* result = fields["result"]) task.result = read_formula(site, *result, "result", Names{});
    task.by = fields.text("by");
    if (const Node* groups = fields["groups"]) task.groups = read_texts(site, *groups, "groups");
    if (const Node* after = fields["after"]) task.after = read_duration(site, *after, "after").value_or(Duration{});
    return task;
}

/// One answer or a list of them.
template <class Answer, class Read>
std::vector<Answer> read_answers(const Site& site, const Node& node, Read read) {
    std::vector<Answer> answers;
    if (!node.is_list()) return {read(site, node)};
    for (const Node& item : node.items) answers.push_back(read(site, item));
    if (answers.empty()) site.wanted("a mock", "at least one answer", node);
    return answers;
}

std::optional<Instant> read_instant(const Site& site, const Node& node) {
    const auto at = node.is_scalar() ? parse_date_time(node.text) : std::nullopt;
    if (at)
        if (const auto instant = calendar::to_instant(*at)) return instant;
    site.wanted("start", "a date and time such as 2026-03-02T09:00:00@Europe/Paris", node);
    return std::nullopt;
}

}  // namespace

Keys mocks_keys() { return mocks_table; }
Keys mock_file_keys() { return mock_file_table; }
Keys mock_answer_keys() { return answer_table; }
Keys mock_query_keys() { return query_table; }
Keys mock_task_keys() { return task_table; }

std::optional<Value> read_data(const Site& site, const Node& node, std::string_view what) {
    const auto formula = read_formula(site, node, what, Names{});
    if (!formula) return std::nullopt;
    auto result = formula->expression.evaluate(feel::ContextScope{Variables{}}, {});
    for (const auto& warning : result.warnings) {
        site.error(node, "wrong-type", quoted(what) + " cannot be calculated here: " + warning.message);
        return std::nullopt;
    }
    return std::move(result.value);
}

Variables read_data_map(const Site& site, const Node& node, std::string_view what) {
    Variables variables;
    if (node.is_null() || !expect_map(site, node, what)) return variables;
    for (const Entry& entry : node.entries)
        if (auto value = read_data(site, entry.value, entry.key.text)) variables.set(entry.key.text, std::move(*value));
    return variables;
}

Mocks read_mocks_block(const Site& site, const Node& node) {
    Mocks mocks;
    if (!expect_map(site, node, "mocks")) return mocks;
    const Fields fields{site, node, "mocks", {mocks_table}};
    if (const Node* start = fields["start"]) mocks.start = read_instant(site, *start);
    if (const Node* variables = fields["variables"]) mocks.variables = read_data_map(site, *variables, "variables");
    if (const Node* unmocked = fields["unmocked"]) mocks.unmocked = read_answer(site, *unmocked);
    if (const Node* services = fields["services"]; services && expect_map(site, *services, "services")) {
        for (const Entry& entry : services->entries) {
            auto answers = read_answers<MockAnswer>(site, entry.value, read_answer);
            if (entry.key.text != "*") mocks.services[entry.key.text] = std::move(answers);
            else if (!answers.empty()) mocks.unmocked = std::move(answers.front());
        }
    }
    if (const Node* tasks = fields["userTasks"]; tasks && expect_map(site, *tasks, "userTasks"))
        for (const Entry& entry : tasks->entries) mocks.user_tasks[entry.key.text] =
            read_answers<MockTask>(site, entry.value, read_task);
    return mocks;
}

Mocks Mocks::with(const Mocks& own) const {
    Mocks merged = *this;
    if (own.start) merged.start = own.start;
    for (const auto& [name, value] : own.variables) merged.variables.set(name, value);
    for (const auto& [name, answers] : own.services) merged.services[name] = answers;
    for (const auto& [id, answers] : own.user_tasks) merged.user_tasks[id] = answers;
    if (own.unmocked) merged.unmocked = own.unmocked;
    return merged;
}

bool MockFile::ok() const noexcept { return std::ranges::none_of(problems,
    [](const Problem& p) { return p.severity == Severity::error; }); }

MockFile read_mocks(const Source& source) {
    MockFile file;
    Problems problems{source.name};
    try {
        if (const auto document = parse(source.text, problems)) {
            const Site site{document->text, problems};
            const Entry* block = document->root.find("mocks");   // a whole test file serves as well
            file.mocks = read_mocks_block(site, block ? block->value : document->root);
        }
    } catch (const TooManyProblems&) {   // they stand in `problems`
    }
    file.problems = problems.take();
    return file;
}

}  // namespace kontor::yaml

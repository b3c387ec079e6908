/// Process tests.
#include "yaml/test_file.hpp"

#include "yaml/mocks.hpp"
#include "yaml/test_keys.hpp"
#include "yaml/tree/parse.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace kontor::yaml {

namespace {

constexpr std::array<Key, 4> file_table{{{"kontor", Shape::format, "format of this file: 1", required},
                                         {"test", Shape::id, "id of the process that is tested", required},
                                         {"mocks", Shape::mocks, "what all cases share"},
                                         {"cases", Shape::cases, "the tests", required}}};
constexpr std::array<Key, 4> case_table{{{"case", Shape::text, "what it shows", required},
                                         {"mocks", Shape::mocks, "put over the shared ones, by service"},
                                         {"steps", Shape::steps, "what happens", required},
                                         {"expect", Shape::expect, "what must have happened"}}};
/// Which steps a detail belongs to; `refused` belongs to all.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> owners{{{"by", "complete"}, {"by", "resolve"}, {"by", "suspend"}, {"by", "resume"},
    {"groups", "complete"}, {"output", "complete"}, {"key", "publish"}, {"payload", "publish"}, {"variables", "resolve"},
    {"tookEffect", "resolve"}, {"at", "incident"}}};
constexpr std::array<Key, 9> detail_table{{{"by", Shape::text, "of complete, resolve, suspend and resume: who"},
                                           {"groups", Shape::texts, "of complete: his groups"},
                                           {"output", Shape::anything, "of complete: what he enters"},
                                           {"key", Shape::anything,
                                               "of publish: the correlation key; without it the message fits any"},
                                           {"payload", Shape::anything, "of publish: what it carries"},
                                           {"variables", Shape::anything,
                                               "of resolve: corrections; of a call that took effect, its result"},
                                           {"tookEffect", Shape::flag, "of resolve: what the person found out about the call"},
                                           {"at", Shape::id, "of incident: the element that it stops"},
                                           {"refused", Shape::text, "the step must be rejected by this rule"}}};
constexpr std::array<Key, 2> start_table{{{"variables", Shape::anything, "put over those of the mocks"},
                                          {"businessKey", Shape::text, "business key of the instance"}}};
constexpr std::array<Key, 5> expect_table{{{"path", Shape::path,
    "elements in the order of their completion; ... is any number of others"},
                                           {"never", Shape::ids, "elements that were not entered"},
                                           {"compensated", Shape::ids,
                                               "activities that were undone, in this order and no others"},
                                           {"calls", Shape::calls, "service: how it was called"},
                                           {"variables", Shape::values, "path: the value, or a condition that begins with ="}}};
constexpr std::array<Key, 3> calls_table{{{"times", Shape::times, "attempts in all; 0 is never"},
                                          {"input", Shape::anything, "names and values that every call had"},
                                          {"sameKey", Shape::flag, "all attempts carried one idempotency key"}}};

constexpr std::array<std::string_view, 10> kinds{"expression", "job-exhausted", "job-permanent", "outcome-unknown", "unhandled-error",
                                                 "no-flow", "deadlock", "step-budget", "decision", "too-large"};

using Action = decltype(Step::action);

Action read_start(const Fields& whole, const Node& node) {
    const Site& site = whole.site();
    step::Start start;
    if (node.is_null() || !expect_map(site, node, "start", "a mapping; {} for nothing")) return start;
    const Fields fields{site, node, "start", {start_table}};
    if (const Node* variables = fields["variables"]) start.variables = read_data_map(site, *variables, "variables");
    start.business_key = fields.text("businessKey");
    return start;
}

Action read_complete(const Fields& fields, const Node& node) {
    const Site& site = fields.site();
    step::Complete complete;
    complete.element = read_text(site, node, "complete").value_or("");
    complete.by = fields.text("by");
    if (const Node* groups = fields["groups"]) complete.groups = read_texts(site, *groups, "groups");
    if (const Node* output = fields["output"]) complete.output = read_data_map(site, *output, "output");
    return complete;
}

Action read_publish(const Fields& fields, const Node& node) {
    const Site& site = fields.site();
    step::Publish publish;
    publish.message = read_text(site, node, "publish").value_or("");
    if (const Node* key = fields["key"]) publish.key = read_data(site, *key, "key");
    if (const Node* payload = fields["payload"]) publish.payload = read_data_map(site, *payload, "payload");
    return publish;
}

Action read_resolve(const Fields& fields, const Node& node) {
    const Site& site = fields.site();
    step::Resolve resolve;
    resolve.element = read_text(site, node, "resolve").value_or("");
    resolve.by = fields.text("by");
    if (!fields["by"]) site.error(fields.entry("resolve")->key, "missing-key", "`resolve` needs `by`", "who resolves it");
    if (const Node* variables = fields["variables"]) resolve.variables = read_data_map(site, *variables, "variables");
    if (const Node* took = fields["tookEffect"]) resolve.took_effect = read_flag(site, *took, "tookEffect");
    return resolve;
}

Action read_incident(const Fields& fields, const Node& node) {
    step::Incident incident;
    incident.at = fields.text("at");
    const auto kind = read_text(fields.site(), node, "incident");
    if (!kind) return incident;
    if (std::ranges::find(kinds, *kind) == kinds.end()) {
        fields.site().error(node, "unknown-incident", "there is no kind of incident " + quoted(*kind),
                            did_you_mean_or_all(*kind, {kinds.begin(), kinds.end()}));
    }
    incident.kind = *kind;
    return incident;
}

Action read_advance(const Fields& fields, const Node& node) {
    return step::Advance{read_duration(fields.site(), node, "advance").value_or(Duration{})};
}

Action read_restart(const Fields& fields, const Node& node) {
    (void)read_yes(fields.site(), node, "restart");
    return step::Restart{};
}

Action read_suspend(const Fields& fields, const Node& node) {
    (void)read_yes(fields.site(), node, "suspend");
    return step::Suspend{fields.text("by")};
}

Action read_resume(const Fields& fields, const Node& node) {
    (void)read_yes(fields.site(), node, "resume");
    return step::Resume{fields.text("by")};
}

Action read_waits(const Fields& fields, const Node& node) { return step::Waits{read_texts(fields.site(), node, "waits")}; }

Action read_ends(const Fields& fields, const Node& node) { return step::Ends{read_text(fields.site(), node, "ends").value_or("")}; }

/// A kind of step: what its key says, and who reads it with the details beside it.
struct Verb {
    Key key;
    Action (*read)(const Fields&, const Node&);
};
constexpr std::array<Verb, 11> verbs{{{{"start", Shape::anything, "starts the instance"}, read_start},
                                      {{"advance", Shape::duration, "lets virtual time pass"}, read_advance},
                                      {{"restart", Shape::yes, "the engine stops and recovers"}, read_restart},
                                      {{"complete", Shape::id, "a person completes this user task"}, read_complete},
                                      {{"publish", Shape::text, "this message arrives"}, read_publish},
                                      {{"suspend", Shape::yes, "the instance is suspended"}, read_suspend},
                                      {{"resume", Shape::yes, "the suspended instance goes on"}, read_resume},
                                      {{"resolve", Shape::id, "a person resolves the incident at this element"}, read_resolve},
                                      {{"incident", Shape::incident_kind, "an incident of this kind is open"}, read_incident},
                                      {{"waits", Shape::ids, "the instance waits here, and nowhere else"}, read_waits},
                                      {{"ends", Shape::id, "the instance has ended here"}, read_ends}}};
constexpr auto step_table = [] {
    std::array<Key, verbs.size()> keys{};
    for (std::size_t i = 0; i < verbs.size(); ++i) keys[i] = verbs[i].key;
    return keys;
}();

/// `start, advance, ... or ends`
std::string all_verbs() {
    const auto name = [](const Key& key) { return key.name; };
    return joined(std::span{step_table}.first(step_table.size() - 1), ", ", name) + " or " + std::string{step_table.back().name};
}

/// Keys that belong to another kind of step.
void check_details(const Fields& fields, std::string_view verb) {
    for (const Key& key : detail_table) {
        const Entry* entry = key.name == "refused" ? nullptr : fields.entry(key.name);
        if (!entry || std::ranges::find(owners, std::pair{key.name, verb}) != owners.end()) continue;
        std::string belongs;
        for (const auto& [detail, owner] : owners)
            if (detail == key.name) belongs += (belongs.empty() ? "it belongs to " : ", ") + quoted(owner);
        fields.site().error(entry->key, "unknown-key", quoted(key.name) + " says nothing about " + quoted(verb), belongs);
    }
}

std::optional<Step> read_step(const Site& site, const Node& node) {
    if (!expect_map(site, node, "steps", "steps such as `- advance: PT2H`")) return std::nullopt;
    const Fields fields{site, node, "a step", {step_table, detail_table}};
    const Verb* verb = nullptr;
    for (const Verb& one : verbs) {
        const Entry* entry = fields.entry(one.key.name);
        if (entry && verb) return site.error(entry->key, "two-elements",
            "a step is one thing: this one is " + quoted(verb->key.name) + " already", "begin a new step with `- `"),
                std::nullopt;
        if (entry) verb = &one;
    }
    // reported as unknown
    if (!verb && !node.entries.empty() && std::ranges::none_of(detail_table,
        [&](const Key& key) { return fields.entry(key.name); })) return std::nullopt;
    if (!verb) return site.error(node, "missing-key", "this step does nothing", "begin it with " + all_verbs()), std::nullopt;
    check_details(fields, verb->key.name);
    Step result{verb->read(fields, fields.entry(verb->key.name)->value), std::nullopt, node.position};
    if (const Node* refused = fields["refused"]) result.refused = read_text(site, *refused, "refused");
    return result;
}

ExpectedCalls read_calls(const Site& site, const Entry& entry) {
    ExpectedCalls calls;
    calls.service = entry.key.text;
    calls.position = entry.key.position;
    if (!expect_map(site, entry.value, calls.service, "a mapping such as { times: 1 }")) return calls;
    const Fields fields{site, entry.value, "calls of " + quoted(calls.service), {calls_table}};
    if (const Node* times = fields["times"]) calls.times = read_count(site, *times, "times", 0);
    if (const Node* input = fields["input"]) calls.input = read_data_map(site, *input, "input");
    if (const Node* same = fields["sameKey"]) calls.same_key = read_flag(site, *same, "sameKey").value_or(false);
    return calls;
}

Expect read_expect(const Site& site, const Node& node) {
    Expect expect;
    expect.position = node.position;
    if (!expect_map(site, node, "expect")) return expect;
    const Fields fields{site, node, "expect", {expect_table}};
    if (const Node* path = fields["path"]) expect.path = read_texts(site, *path, "path");
    if (const Node* never = fields["never"]) expect.never = read_texts(site, *never, "never");
    if (const Node* compensated = fields["compensated"]) expect.compensated = read_texts(site, *compensated, "compensated");
    if (const Node* calls = fields["calls"]; calls && expect_map(site, *calls, "calls"))
        for (const Entry& entry : calls->entries) expect.calls.push_back(read_calls(site, entry));
    const Node* variables = fields["variables"];
    if (!variables || !expect_map(site, *variables, "variables")) return expect;
    for (const Entry& entry : variables->entries) {
        if (is_expression(entry.value)) {
            if (auto formula = read_expression(site, entry.value, entry.key.text, Names{}))
                expect.variables.push_back({entry.key.text, std::move(*formula), entry.key.position});
        } else if (auto value = read_data(site, entry.value, entry.key.text)) {
            expect.variables.push_back({entry.key.text, std::move(*value), entry.key.position});
        }
    }
    return expect;
}

std::optional<Case> read_case(const Site& site, const Node& node) {
    if (!expect_map(site, node, "cases", "cases such as `- case: what it shows`")) return std::nullopt;
    const Fields fields{site, node, "a case", {case_table}};
    Case result;
    result.name = fields.text("case");
    result.position = node.position;
    if (const Node* mocks = fields["mocks"]) result.mocks = read_mocks_block(site, *mocks);
    if (const Node* steps = fields["steps"]; steps && expect_list(site, *steps, "steps"))
        for (const Node& item : steps->items)
            if (auto one = read_step(site, item)) result.steps.push_back(std::move(*one));
    if (const Node* expect = fields["expect"]) result.expect = read_expect(site, *expect);
    return result;
}

void read_document(const Site& site, const Node& root, TestFile& file) {
    if (!root.is_map()) return site.error(root, "wrong-type", "a test file is a mapping, not " + describe(root),
        "begin it with `kontor: 1`");
    const Fields fields{site, root, "a test file", {file_table}};
    check_format(site, root);
    file.process = fields.text("test");
    if (const Node* mocks = fields["mocks"]) file.mocks = read_mocks_block(site, *mocks);
    const Node* cases = fields["cases"];
    if (!cases || !expect_list(site, *cases, "cases")) return;
    for (const Node& item : cases->items) {
        auto one = read_case(site, item);
        if (!one) continue;
        if (std::ranges::find(file.cases, one->name, &Case::name) != file.cases.end() && !one->name.empty())
            site.error(item, "duplicate-id", "there is a second case " + quoted(one->name), "give each case a name of its own");
        file.cases.push_back(std::move(*one));
    }
}

}  // namespace

Keys test_file_keys() { return file_table; }
Keys case_keys() { return case_table; }
Keys step_keys() { return step_table; }
Keys step_detail_keys() { return detail_table; }
Keys start_step_keys() { return start_table; }
Keys expect_keys() { return expect_table; }
Keys expected_calls_keys() { return calls_table; }
std::span<const std::string_view> incident_kinds() { return kinds; }

bool TestFile::ok() const noexcept { return std::ranges::none_of(problems,
    [](const Problem& p) { return p.severity == Severity::error; }); }

TestFile read_test(const Source& source) {
    TestFile file;
    Problems problems{source.name};
    try {
        if (const auto document = parse(source.text, problems)) read_document({document->text, problems}, document->root, file);
    } catch (const TooManyProblems&) {   // they stand in `problems`
    }
    file.problems = problems.take();
    return file;
}

}  // namespace kontor::yaml

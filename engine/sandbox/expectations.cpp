/// What a case expects to have happened.
#include "sandbox/test_run.hpp"

#include "core/expressions.hpp"

#include <algorithm>

namespace kontor::sandbox {
namespace {

/// Whether everything in `part` stands in `whole`, with equal values; a context's further entries do not matter.
bool contains(const Value& whole, const Value& part) {
    const Variables* wanted = part.if_context();
    const Variables* found = whole.if_context();
    if (!wanted || !found) return whole == part;
    return std::all_of(wanted->begin(), wanted->end(), [&](const auto& entry) {
        const Value* value = found->find(entry.name);
        return value && contains(*value, entry.value);
    });
}

void check_path(TestRun& run, const yaml::Expect& expect) {
    if (!expect.path) return;
    const auto path = path_of(run.trail, *expect.path);
    if (!matches(*expect.path, path)) run.fail(expect.position, "path", listed(*expect.path), listed(path));
}

void check_never(TestRun& run, const yaml::Expect& expect) {
    for (const std::string& id : expect.never)
        if (run.trail.entered(id)) run.fail(expect.position, "never", id + " is not reached", "it was: " + listed(path_of(run.trail, {id})));
}

void check_compensated(TestRun& run, const yaml::Expect& expect) {
    if (expect.compensated && *expect.compensated != run.trail.compensated())
        run.fail(expect.position, "compensated", listed(*expect.compensated) + " in this order and nothing else", listed(run.trail.compensated()));
}

void check_calls(TestRun& run, const yaml::ExpectedCalls& expect) {
    std::vector<const MadeCall*> made;
    for (const MadeCall& call : run.world.calls())
        if (call.service == expect.service) made.push_back(&call);
    const std::string title = "calls of " + expect.service;
    if (expect.times && made.size() != *expect.times)
        run.fail(expect.position, title, std::to_string(*expect.times) + " calls", std::to_string(made.size()));
    if (!expect.times && made.empty()) run.fail(expect.position, title, "at least one call", "none");
    const auto differs = [&](const MadeCall* call) { return expect.input && !contains(Value{call->input}, Value{*expect.input}); };
    if (const auto other = std::find_if(made.begin(), made.end(), differs); other != made.end())
        run.fail(expect.position, title, "every call has the input " + feel::to_feel(Value{*expect.input}),
                 "call " + std::to_string(other - made.begin() + 1) + " had " + feel::to_feel(Value{(*other)->input}));
    const auto has_other_key = [&](const MadeCall* call) { return call->idempotency_key != made.front()->idempotency_key; };
    if (expect.same_key && std::any_of(made.begin(), made.end(), has_other_key))
        run.fail(expect.position, title, "the same idempotency key on every call", "different keys");
}

/// The value at `a.b.c` among the variables of the process.
const Value* value_at(const Variables& variables, std::string_view path) {
    const auto dot = path.find('.');
    const Value* value = variables.find(path.substr(0, dot));
    if (!value || dot == std::string_view::npos) return value;
    const Variables* inside = value->if_context();
    return inside ? value_at(*inside, path.substr(dot + 1)) : nullptr;
}

void check_variable(TestRun& run, const yaml::ExpectedVariable& expect) {
    const core::State& state = *run.state();
    const core::ElementKey root = core::root_of(state.key);
    const Value* found = value_at(state.scope(root).variables, expect.path);
    const std::string title = "variables: " + expect.path;
    const std::string shown = found ? feel::to_feel(*found) : "there is no " + expect.path;
    if (const Value* wanted = std::get_if<Value>(&expect.wanted)) {
        if (!found || !(*found == *wanted)) run.fail(expect.position, title, feel::to_feel(*wanted), shown);
        return;
    }
    const feel::Expression& condition = std::get<model::Formula>(expect.wanted).expression;
    const Variables none;
    const feel::Result result = condition.evaluate(core::VariableScope{state, root, none}, {run.box.now(), run.model().time_zone});
    if (const bool* holds = result.value.if_boolean(); holds && *holds) return;
    const std::string why = result.warnings.empty() ? "" : " (" + result.warnings.front().message + ")";
    run.fail(expect.position, title, condition.text() + " is true",
             "it is " + feel::to_feel(result.value) + why + "; " + expect.path + " is " + shown);
}

}  // namespace

void check(TestRun& run, const yaml::Expect& expect) {
    check_path(run, expect);
    check_never(run, expect);
    check_compensated(run, expect);
    for (const auto& calls : expect.calls) check_calls(run, calls);
    for (const auto& variable : expect.variables) {
        if (!run.state()) return run.fail(variable.position, "variables: " + variable.path, "an instance", "none has started");
        check_variable(run, variable);
    }
}

}  // namespace kontor::sandbox

#include "core/commands.hpp"
#include "core/expressions.hpp"

#include <algorithm>

namespace kontor::core {
namespace {

const model::Variable* declared(const model::ScopeContent& scope, std::string_view name) {
    const auto it = std::find_if(scope.variables.begin(), scope.variables.end(), [&](const auto& v) { return v.name == name; });
    return it == scope.variables.end() ? nullptr : &*it;
}

void check_given(const Deciding& d, const Variables& given) {
    for (const auto& [name, value] : given) {
        if (d.process.declares_variables && !declared(d.process.scope(model::root), name))
            refuse(Code::bad_input, "undeclared-variable", "process " + d.process.id + " declares no variable " + name);
        if (size_of(value) > largest_value)
            refuse(Code::bad_input, "too-large", name + " takes " + std::to_string(size_of(value)) + " bytes; a value may take " +
                                                     std::to_string(largest_value));
    }
}

/// What the process starts with: the given variables and the defaults of the others. A message that starts a process brings the
/// required ones with it: the outputs of the start event write them.
Variables initial_variables(const Deciding& d, const Variables& given, bool by_message) {
    check_given(d, given);
    Variables all = given;
    for (const auto& variable : d.process.scope(model::root).variables) {
        if (!all.contains(variable.name) && variable.default_value) all.set(variable.name, *variable.default_value);
        const Value* value = all.find(variable.name);
        if (variable.required && !by_message && (!value || value->is_null()))
            refuse(Code::bad_input, "required-variable", "process " + d.process.id + " needs the variable " + variable.name);
        if (const auto wrong = value ? model::mismatch(*variable.type, *value, variable.name) : std::nullopt)
            refuse(Code::bad_input, "variable-type", *wrong);
    }
    if (size_of(all) > largest_instance)
        refuse(Code::bad_input, "too-large", "the variables take more than " + std::to_string(largest_instance) + " bytes");
    return all;
}

bool can_start(const model::Process& process, const std::optional<ElementIndex>& wanted) {
    const auto& starts = process.scope(model::root).start_events;
    if (wanted) return std::find(starts.begin(), starts.end(), *wanted) != starts.end();
    return std::any_of(starts.begin(), starts.end(), [&](ElementIndex start) {
        return std::holds_alternative<model::NoneEvent>(std::get<model::StartEvent>(process[start].kind).definition);
    });
}

}  // namespace

void handle(Deciding& d, const StartInstance& c, std::string_view key_prefix) {
    if (!can_start(d.process, c.start_event))
        refuse(Code::bad_input, "no-start-event", "process " + d.process.id + " has no start event without a trigger: only a message starts it");
    Variables variables = initial_variables(d, c.variables, c.start_event.has_value());
    d.emit(InstanceStarted{d.new_key<InstanceKey>(), c.definition, c.business_key, std::string{key_prefix}, c.by.user, std::move(variables),
                           c.start_event, c.payload});
}

void handle(Deciding& d, const CancelInstance& c) {
    if (d.state.phase == lifecycle::Instance::cancelling)
        refuse(Code::conflict, "already-cancelling", "instance " + d.state.key.str() + " is being cancelled already");
    d.emit(InstanceCancelling{c.by.user, c.reason, c.compensate});
    d.emit(ScopeInterrupted{root_of(d.state.key), {}, false});
}

void handle(Deciding& d, const SuspendInstance& c) {
    if (!lifecycle::next(d.state.phase, lifecycle::InstanceTrigger::suspend))
        refuse(Code::conflict, "not-running", "instance " + d.state.key.str() + " is " + std::string{lifecycle::to_string(d.state.phase)});
    d.emit(InstanceSuspended{c.by.user, c.reason});
}

void handle(Deciding& d, const ResumeInstance& c) {
    if (!lifecycle::next(d.state.phase, lifecycle::InstanceTrigger::resume))
        refuse(Code::conflict, "not-suspended", "instance " + d.state.key.str() + " is not suspended");
    d.emit(InstanceResumed{c.by.user});
}

void handle(Deciding& d, const Continue&) {
    // begin_row() has set the agenda free; work() goes on with it.
    if (d.state.continuations == 0) refuse(Code::conflict, "nothing-to-continue", "instance " + d.state.key.str() + " is not in a continuation");
}

void handle(Deciding& d, const Halt& c) {
    if (d.state.halted) refuse(Code::conflict, "halted", "instance " + d.state.key.str() + " is halted already");
    d.raise(root_of(d.state.key), IncidentKind::not_recorded, c.why);
}

void handle(Deciding& d, const Rewind& c) {
    const ElementKey root = root_of(d.state.key);
    const auto incident = d.state.incidents.find(d.state.at(root).incident);
    if (incident != d.state.incidents.end() && incident->second.kind == IncidentKind::restored)
        refuse(Code::conflict, "rewound", "instance " + d.state.key.str() + " waits for a person since the store was restored");
    std::vector<ElementKey> jobs;
    for (const auto& [key, instance] : d.state.elements)
        if (instance.job) jobs.push_back(key);
    for (const ElementKey job : jobs) doubt(d, job, c.why);
    // What leads to a doubt calls nobody.
    std::erase_if(d.effects, [](const Effect& effect) { return std::holds_alternative<PrepareCall>(effect) || std::holds_alternative<CallService>(effect); });
    d.raise(root, IncidentKind::restored, c.why);
}

}  // namespace kontor::core

#include "processes/builder.hpp"

#include <stdexcept>

namespace kontor::test {

using namespace model;

Formula feel(std::string_view text) {
    auto parsed = kontor::feel::Expression::parse(text);
    if (auto* wrong = std::get_if<kontor::feel::SyntaxError>(&parsed)) throw std::invalid_argument{std::string{text} + ": " + wrong->message};
    return {std::get<kontor::feel::Expression>(std::move(parsed)), {}};
}

namespace {
Formula literal(std::string_view text) { return {kontor::feel::Expression::literal(Value{text}), {}}; }
}  // namespace

Stop Stop::input(std::string target, std::string_view source) const {
    Stop copy = *this;
    copy.inputs.push_back({std::move(target), feel(source), {}});
    return copy;
}
Stop Stop::output(std::string target, std::string_view source) const {
    Stop copy = *this;
    copy.outputs.push_back({std::move(target), feel(source), {}});
    return copy;
}
Stop Stop::when(std::string text) const {
    Stop copy = *this;
    copy.condition = std::move(text);
    return copy;
}
Stop Stop::otherwise() const {
    Stop copy = *this;
    copy.is_default = true;
    return copy;
}

Trigger timer(std::string_view when) {
    const auto kind = when.starts_with('R') ? TimerEvent::Kind::cycle : when.starts_with('P') ? TimerEvent::Kind::duration : TimerEvent::Kind::date;
    return {TimerEvent{kind, literal(when)}};
}
Trigger message(std::string name) { return {MessageEvent{}, std::move(name)}; }
Trigger error(std::vector<std::string> codes) { return {ErrorEvent{std::move(codes)}}; }

namespace {
Stop stop(std::string id, Kind kind) { return {.id = std::move(id), .kind = std::move(kind)}; }
Stop with_message(Stop made, std::string name) {
    if (!name.empty()) made.message_names.push_back(std::move(name));
    return made;
}
Stop with_activity(Stop made, std::optional<std::string> activity) {
    made.activity = std::move(activity);
    return made;
}
Call call(const std::string& id, ServiceOptions options) {
    return {options.service.empty() ? id : options.service, options.contract, {}, options.retry};
}
}  // namespace

Stop ref(std::string id) { return {.id = std::move(id), .kind = {}}; }
Stop start(std::string id) { return stop(std::move(id), StartEvent{}); }
Stop start(std::string id, Trigger t) { return with_message(stop(std::move(id), StartEvent{t.definition}), t.message_name); }
Stop end(std::string id) { return stop(std::move(id), EndEvent{}); }
Stop terminate_end(std::string id) { return stop(std::move(id), EndEvent{TerminateEvent{}}); }
Stop error_end(std::string id, std::string code) { return stop(std::move(id), EndEvent{ErrorEvent{{std::move(code)}}}); }
Stop compensate_end(std::string id, std::optional<std::string> activity) {
    return with_activity(stop(std::move(id), EndEvent{CompensateEvent{}}), std::move(activity));
}
Stop compensate(std::string id, std::optional<std::string> activity) {
    return with_activity(stop(std::move(id), IntermediateThrowEvent{CompensateEvent{}}), std::move(activity));
}
Stop service(std::string id, ServiceOptions options) { return stop(id, ServiceTask{call(id, std::move(options))}); }
Stop send(std::string id, ServiceOptions options) { return stop(id, SendTask{call(id, std::move(options))}); }
Stop script(std::string id, std::string_view text) { return stop(std::move(id), ScriptTask{feel(text)}); }
Stop user(std::string id, UserTask task, std::vector<std::string> not_same_user_as) {
    Stop made = stop(std::move(id), std::move(task));
    made.others = std::move(not_same_user_as);
    return made;
}
Stop receive(std::string id, std::string message) { return with_message(stop(std::move(id), ReceiveTask{}), std::move(message)); }
Stop caught(std::string id, Trigger t) { return with_message(stop(std::move(id), IntermediateCatchEvent{t.definition}), t.message_name); }
Stop exclusive(std::string id) { return stop(std::move(id), ExclusiveGateway{}); }
Stop parallel(std::string id) { return stop(std::move(id), ParallelGateway{}); }
Stop inclusive(std::string id) { return stop(std::move(id), InclusiveGateway{}); }
Stop event_based(std::string id) { return stop(std::move(id), EventBasedGateway{}); }
Stop subprocess(std::string id) { return stop(std::move(id), SubProcess{}); }

Builder::Builder(std::string id) {
    process_.id = id;
    process_.file = id;
    process_.declares_variables = false;
    Element root_element;
    root_element.id = std::move(id);
    root_element.kind = ProcessElement{};
    process_.elements.push_back(std::move(root_element));
}

ElementIndex Builder::index(std::string_view id) const {
    const Element* found = process_.find(id);
    if (!found) throw std::invalid_argument{"no element " + std::string{id}};
    return found->index;
}

std::uint32_t Builder::message_index(const std::string& name) {
    for (std::uint32_t i = 0; i < process_.messages.size(); ++i)
        if (process_.messages[i].name == name) return i;
    process_.messages.push_back({name, feel("key"), std::chrono::hours{24}, {}});
    return static_cast<std::uint32_t>(process_.messages.size() - 1);
}

void Builder::name_messages(Element& element, const Stop& from) {
    if (from.message_names.empty()) return;
    const std::uint32_t index = message_index(from.message_names.front());
    if (auto* task = std::get_if<ReceiveTask>(&element.kind)) task->message = index;
    if (auto* event = std::get_if<IntermediateCatchEvent>(&element.kind)) event->definition = MessageEvent{index};
    if (auto* event = std::get_if<StartEvent>(&element.kind)) event->definition = MessageEvent{index};
    if (auto* event = std::get_if<BoundaryEvent>(&element.kind)) event->definition = MessageEvent{index};
}

ElementIndex Builder::add(const Stop& from) {
    Element element;
    element.index = ElementIndex{static_cast<std::uint32_t>(process_.elements.size())};
    element.id = from.id;
    element.scope = scope_;
    element.kind = *from.kind;
    element.input = from.inputs;
    element.output = from.outputs;
    name_messages(element, from);
    if (from.activity || !from.others.empty()) pending_.push_back({element.index, from.activity, from.others});
    process_.elements.push_back(std::move(element));
    return process_.elements.back().index;
}

Builder& Builder::path(std::vector<Stop> stops) {
    std::optional<ElementIndex> before;
    for (const Stop& next : stops) {
        const ElementIndex at = next.kind ? add(next) : index(next.id);
        if (before) {
            SequenceFlow flow;
            flow.index = FlowIndex{static_cast<std::uint32_t>(process_.flows.size())};
            flow.id = "flow-" + std::to_string(process_.flows.size());
            flow.source = *before;
            flow.target = at;
            if (next.condition) flow.condition = feel(*next.condition);
            flow.is_default = next.is_default;
            process_.elements[raw(*before)].outgoing.push_back(flow.index);
            process_.flows.push_back(std::move(flow));
        }
        before = at;
    }
    return *this;
}

Builder& Builder::in(std::string_view scope) {
    scope_ = scope.empty() ? root : index(scope);
    return *this;
}

Builder& Builder::boundary(std::string_view host, std::string id, Trigger trigger, bool interrupting) {
    const ElementIndex on = index(host);
    const ElementIndex before = scope_;
    scope_ = process_[on].scope;
    add(with_message(stop(std::move(id), BoundaryEvent{trigger.definition, on, interrupting}), trigger.message_name));
    scope_ = before;
    return *this;
}

Builder& Builder::event_subprocess(std::string id, Trigger trigger, bool interrupting) {
    const ElementIndex before = scope_;
    const std::string start_id = id + ".start";
    scope_ = add(stop(std::move(id), EventSubProcess{}));
    add(with_message(stop(start_id, StartEvent{trigger.definition, interrupting}), trigger.message_name));
    scope_ = before;
    return *this;
}

Builder& Builder::compensation(std::string_view activity, Stop handler) {
    const ElementIndex undone = index(activity);
    const ElementIndex before = scope_;
    scope_ = process_[undone].scope;
    const ElementIndex undoing = add(handler);
    scope_ = before;
    process_.elements[raw(undone)].compensation_handler = undoing;
    process_.elements[raw(undoing)].compensates = undone;
    return *this;
}

Builder& Builder::message_key(std::string name, std::string_view text) {
    process_.messages[message_index(name)].correlation_key = feel(text);
    return *this;
}

Builder& Builder::variable(std::string name, std::string_view type, std::optional<Value> by_default, bool required) {
    auto* content = scope_content(process_.elements[raw(scope_)].kind);
    Variable variable;
    variable.name = std::move(name);
    variable.type = builtin_type(type);
    variable.default_value = std::move(by_default);
    variable.required = required;
    content->variables.push_back(std::move(variable));
    return *this;
}

Builder& Builder::on_interrupt(std::string_view scope, OnInterrupt what) {
    scope_content(process_.elements[raw(index(scope))].kind)->on_interrupt = what;
    return *this;
}

void Builder::link_names() {
    for (const Pending& p : pending_) {
        Kind& kind = process_.elements[raw(p.element)].kind;
        if (p.activity) {
            const CompensateEvent event{index(*p.activity)};
            if (auto* end = std::get_if<EndEvent>(&kind)) end->definition = event;
            if (auto* thrown = std::get_if<IntermediateThrowEvent>(&kind)) thrown->definition = event;
        }
        for (const auto& other : p.others) std::get<UserTask>(kind).not_same_user_as.push_back(index(other));
    }
    pending_.clear();
}

Definition Builder::unchecked() {
    link_names();
    complete(process_);
    return {process_, {}};
}

Definition Builder::done() {
    Definition made = unchecked();
    std::string errors;
    for (const Problem& problem : check(made.process))
        if (problem.severity == Severity::error) errors += to_string(problem) + "\n";
    if (!errors.empty()) throw Error{Code::invalid_definition, errors};
    return made;
}

}  // namespace kontor::test

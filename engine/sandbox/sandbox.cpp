#include "sandbox/sandbox.hpp"

#include "core/expressions.hpp"
#include "journal/encoding.hpp"

#include <kontor/error.hpp>

#include <algorithm>

namespace kontor::sandbox {
namespace {

core::Command command_of(const Reply& reply, core::ElementKey job, std::uint32_t attempt) {
    struct ToCommand {
        core::ElementKey job;
        std::uint32_t attempt;
        core::Command operator()(const Returned& r) const { return core::CompleteJob{job, r.result}; }
        core::Command operator()(const ReturnedError& r) const { return core::ReturnError{job, r.code, r.message, r.data, attempt}; }
        core::Command operator()(const Failed& r) const { return core::FailJob{job, r.message, r.retry_after, r.permanent, attempt}; }
        core::Command operator()(const Deferred& r) const { return core::DeferJob{job, r.within, attempt}; }
        core::Command operator()(const Lost& r) const { return core::LoseCall{job, r.reason, false, attempt}; }
    };
    return std::visit(ToCommand{job, attempt}, reply);
}

bool fits(const PublishedMessage& message, std::string_view name, std::string_view key) {
    return message.name == name && (!message.correlation_key || *message.correlation_key == key);
}

}  // namespace

Sandbox::Sandbox(std::vector<std::shared_ptr<const model::Definition>> definitions, World& world, Instant start)
    : world_{world}, now_{start} {
    for (auto& definition : definitions) {
        const std::string id = definition->process.id;
        definitions_[id] = std::move(definition);
    }
}

InstanceKey Sandbox::start(std::string_view process, core::StartInstance request) {
    const auto definition = definitions_.find(process);
    if (definition == definitions_.end()) throw Error{Code::not_found, "there is no process " + std::string{process}};
    if (request.definition.empty()) request.definition = definition->second->process.id;
    const core::Position position{0, journal_.size() + 1};
    core::Decision decision = decide(*definition->second, {}, request, position);
    if (const auto* rejection = decision.rejection()) throw Error{rejection->code, rejection->message};
    const InstanceKey key = decision.state.key;
    record(definition->second, std::move(decision), position);
    return key;
}

core::Decision Sandbox::decide(const model::Definition& definition, core::State state, const core::Command& command, core::Position position) {
    return core::decide(definition, std::move(state), command, {position, now_, {}});
}

std::optional<core::Rejection> Sandbox::submit(InstanceKey key, const core::Command& command) {
    Instance& instance = instances_.at(key);
    const core::Position position{0, journal_.size() + 1};
    core::Decision decision = decide(*instance.definition, std::move(instance.state), command, position);
    if (const auto* rejection = decision.rejection()) {
        auto refused = *rejection;
        instance.state = std::move(decision.state);
        return refused;
    }
    record(instance.definition, std::move(decision), position);
    return std::nullopt;
}

void Sandbox::record(const std::shared_ptr<const model::Definition>& definition, core::Decision decision, core::Position position) {
    auto& accepted = std::get<core::Accepted>(decision.outcome);
    const InstanceKey key = decision.state.key;
    core::Record record{position, key, accepted.at, std::move(accepted.events)};
    journal_.push_back({position, key, definition, journal::encode(record)});
    Instance& instance = instances_[key];
    instance.definition = definition;
    instance.state = std::move(decision.state);
    if (observer_) observer_(record, *definition, instance.state);
    perform(key, accepted.effects);
}

void Sandbox::plan(Instant at, InstanceKey instance, core::Command command, std::optional<Kept> message) {
    planned_.push({std::max(at, now_), order_++, instance, std::move(command), std::move(message)});
}

void Sandbox::perform(InstanceKey key, const std::vector<core::Effect>& effects) {
    struct Perform {
        Sandbox& box;
        InstanceKey key;
        void operator()(const core::PrepareCall& e) const { box.plan(box.now_, key, core::StartAttempt{e.job}); }
        void operator()(const core::CallService& e) const { box.call(key, e.job, e.attempt); }
        void operator()(const core::QueryService& e) const {
            const auto& instance = box.instances_.at(key);
            const auto& at = instance.state.at(e.job);
            const auto& element = instance.definition->process[at.element];
            box.plan(box.now_, key,
                     box.world_.query({instance.state, instance.definition->process, element, e.job,
                                       model::service_call(element.kind)->service, at.job->input, at.job->attempt,
                                       core::idempotency_key(instance.state, e.job), box.now_}));
        }
        void operator()(const core::WakeJob& e) const { box.plan(e.due, key, core::WakeUpJob{e.job}); }
        void operator()(const core::ScheduleTimer& e) const { box.plan(e.due, key, core::FireTimer{e.wait}); }
        void operator()(const core::OpenSubscription& e) const { box.open({key, e.wait, e.message, e.correlation_key}); }
        void operator()(const core::CloseSubscription& e) const {
            std::erase_if(box.waiting_, [&](const Waiting& w) { return w.wait == e.wait; });
        }
        void operator()(const core::OfferTask& e) const { box.offer(key, e.task); }
        void operator()(const core::RequestContinuation&) const { box.plan(box.now_, key, core::Continue{}); }
        // Whoever comes too late is refused by the core, so there is nothing to take back; the rest is for observers.
        void operator()(const core::CancelCall&) const {}
        void operator()(const core::CancelTimer&) const {}
        void operator()(const core::WithdrawTask&) const {}
        void operator()(const core::ReportIncident&) const {}
        void operator()(const core::ClearIncident&) const {}
        void operator()(const core::ReportEnd&) const {}
    };
    for (const auto& effect : effects) std::visit(Perform{*this, key}, effect);
}

void Sandbox::call(InstanceKey key, core::ElementKey job, std::uint32_t attempt) {
    const auto& instance = instances_.at(key);
    const core::ElementInstance* at = instance.state.find(job);
    if (!at || !at->job) return;   // an event of the same row has ended it again
    const model::Process& process = instance.definition->process;
    const model::Element& element = process[at->element];
    const model::Call& called = *model::service_call(element.kind);
    ServiceAnswer answer = world_.call({instance.state, process, element, job, called.service, at->job->input, attempt,
                                        core::idempotency_key(instance.state, job), now_});
    // The answer still comes, too late: that is what timeouts are about.
    if (called.timeout && answer.after > *called.timeout) plan(now_ + *called.timeout, key, core::LoseCall{job, "no answer in time", false, attempt});
    plan(now_ + answer.after, key, command_of(answer.reply, job, attempt));
}

void Sandbox::offer(InstanceKey key, core::ElementKey task) {
    const auto& instance = instances_.at(key);
    const core::ElementInstance* at = instance.state.find(task);
    if (!at || !at->task) return;
    const model::Process& process = instance.definition->process;
    auto answer = world_.offer({instance.state, process, process[at->element], task, at->task->input, now_});
    if (answer) plan(now_ + answer->after, key, core::CompleteTask{task, std::move(answer->output), std::move(answer->by)});
}

// ---- messages -------------------------------------------------------------------------------------------------------------------

void Sandbox::open(Waiting waiting) {
    std::erase_if(waiting_, [&](const Waiting& w) { return w.wait == waiting.wait; });   // it is told again when an instance is resumed
    waiting_.push_back(waiting);
    take_message(waiting);
}

void Sandbox::take_message(const Waiting& waiting) {
    const auto it = std::find_if(messages_.begin(), messages_.end(), [&](const Kept& kept) {
        return fits(kept.message, waiting.message, waiting.correlation_key) && (!kept.until || *kept.until > now_);
    });
    if (it == messages_.end()) return;
    const core::CorrelateMessage command{waiting.wait, it->message.id, it->message.payload};
    plan(now_, waiting.instance, command, std::move(*it));
    messages_.erase(it);
}

Delivery Sandbox::publish(PublishedMessage message) {
    if (message.id.empty()) message.id = "message-" + std::to_string(++messages_published_);
    const auto until = message.time_to_live ? std::optional{now_ + *message.time_to_live} : std::nullopt;
    return deliver({std::move(message), until});
}

Delivery Sandbox::deliver(Kept kept) {
    const auto waiting = std::find_if(waiting_.begin(), waiting_.end(),
                                      [&](const Waiting& w) { return fits(kept.message, w.message, w.correlation_key); });
    if (waiting != waiting_.end() &&
        !submit(waiting->instance, core::CorrelateMessage{waiting->wait, kept.message.id, kept.message.payload}))
        return Delivery::taken;
    if (start_by(kept.message)) return Delivery::started;
    messages_.push_back(std::move(kept));
    return Delivery::kept;
}

bool Sandbox::start_by(const PublishedMessage& message) {
    for (const auto& [id, definition] : definitions_)
        for (const core::ElementIndex start_event : definition->process.scope(model::root).start_events) {
            const auto& event = std::get<model::StartEvent>(definition->process[start_event].kind);
            const auto* by_message = std::get_if<model::MessageEvent>(&event.definition);
            if (!by_message || definition->process.messages[by_message->message].name != message.name) continue;
            start(id, {id, {}, {}, {}, start_event, message.payload});
            return true;
        }
    return false;
}

// ---- time -----------------------------------------------------------------------------------------------------------------------

bool Sandbox::settle() {
    while (!planned_.empty() && planned_.top().at <= now_) {
        if (exhausted()) return false;
        ++performed_;
        Planned next = planned_.top();
        planned_.pop();
        const auto refusal = submit(next.instance, next.command);
        if (!refusal) continue;
        if (on_refusal_) on_refusal_(next.instance, next.command, *refusal);
        if (next.message) deliver(std::move(*next.message));
    }
    return true;
}

std::optional<Instant> Sandbox::next_due() const {
    return planned_.empty() ? std::nullopt : std::optional{std::max(now_, planned_.top().at)};
}

bool Sandbox::advance_to_next() {
    if (planned_.empty() || exhausted()) return false;
    now_ = std::max(now_, planned_.top().at);
    return settle();
}

void Sandbox::advance(Duration by) {
    const Instant until = now_ + by;
    settle();
    while (!planned_.empty() && planned_.top().at <= until && advance_to_next()) {
    }
    now_ = until;
}

void Sandbox::restart() {
    // Replies of services come from outside: they are not forgotten, but arrive at whatever was rebuilt.
    decltype(planned_) replies;
    for (; !planned_.empty(); planned_.pop()) {
        const auto& c = planned_.top().command;
        const bool from_outside = std::holds_alternative<core::CompleteJob>(c) || std::holds_alternative<core::ReturnError>(c) ||
                                  std::holds_alternative<core::FailJob>(c) || std::holds_alternative<core::CompleteTask>(c) ||
                                  std::holds_alternative<core::CorrelateMessage>(c) ||
                                  std::holds_alternative<core::DeferJob>(c) || std::holds_alternative<core::LoseCall>(c);
        if (from_outside) replies.push(planned_.top());
    }
    planned_ = std::move(replies);
    waiting_.clear();
    for (auto& [key, instance] : instances_) instance.state = {};
    for (const Row& row : journal_) core::apply(row.definition->process, instances_.at(row.instance).state, journal::decode(row.position, row.bytes));
    for (const auto& [key, instance] : instances_) {
        auto effects = core::open_effects(instance.state);
        // Calls are under way at the services, tasks with the people: their answers still come.
        std::erase_if(effects, [](const core::Effect& e) {
            return std::holds_alternative<core::CallService>(e) || std::holds_alternative<core::OfferTask>(e);
        });
        perform(key, effects);
    }
}

std::vector<InstanceKey> Sandbox::instances() const {
    std::vector<InstanceKey> keys;
    for (const auto& [key, instance] : instances_) keys.push_back(key);
    return keys;
}

}  // namespace kontor::sandbox

#include "cli/run/plan.hpp"

#include "cli/failure.hpp"

#include <algorithm>
#include <map>
#include <thread>

namespace kontor::cli::run {
namespace {

bool starts_by_itself(const model::Process& process) {
    const auto& starts = process.scope(model::root).start_events;
    return std::any_of(starts.begin(), starts.end(), [&](core::ElementIndex start) {
        return std::holds_alternative<model::NoneEvent>(std::get<model::StartEvent>(process[start].kind).definition);
    });
}

Status status_of(const core::State& state) {
    switch (state.phase) {
        case lifecycle::Instance::completed: return Status::completed;
        case lifecycle::Instance::cancelled: return Status::cancelled;
        case lifecycle::Instance::failed: return Status::failed;
        default: return state.incidents.empty() ? Status::waiting : Status::incident;
    }
}

/// One play: the sandbox and what is to be known of the main instance in the end.
class Play {
public:
    Play(const Plan& plan, const Watcher& watcher)
        : plan_{plan},
          world_{plan.mocks, sandbox::MockWorld::Unmocked::answer_nothing, sandbox::MockWorld::Untold::complete},
          box_{plan.definitions, world_, plan.start} {
        box_.limit(commands_per_run);
        box_.observe([this, &watcher](const core::Record& record, const model::Definition& definition, const core::State&) {
            if (!main_ && &definition == plan_.main.get()) main_ = record.instance;
            if (watcher) watcher(record, definition);
        });
        box_.observe_refusals([this](InstanceKey instance, const core::Command& command, const core::Rejection& rejection) {
            if (const auto* task = std::get_if<core::CompleteTask>(&command); task && instance == main_) refused_[task->task] = rejection.message;
        });
    }

    Ending play() {
        for (const std::string& other : plan_.with) {
            box_.start(other, {});
            box_.settle();
        }
        if (starts_by_itself(plan_.main->process)) start_main();
        box_.settle();
        for (const auto& message : plan_.messages) {
            box_.publish(message);
            box_.settle();
        }
        if (!main_)
            throw UsageError{"only a message starts the process " + plan_.main->process.id, "publish it: --publish NAME={\"key\": \"value\"}"};
        while (pause() && box_.advance_to_next()) {
        }
        return ending();
    }

private:
    void start_main() {
        core::StartInstance request;
        request.variables = plan_.mocks.variables;
        for (const auto& [name, value] : plan_.variables) request.variables.set(name, value);
        box_.start(plan_.main->process.id, std::move(request));
    }

    /// In real time, waits for the next thing that is due.
    bool pause() const {
        const auto due = box_.next_due();
        if (due && plan_.real_time) std::this_thread::sleep_for(*due - box_.now());
        return true;
    }

    Ending ending() const {
        const core::State& state = box_.state(main_);
        const model::Process& process = plan_.main->process;
        Ending ending{status_of(state), {}, {}, {}, world_.warnings(),
                      state.scope(core::root_of(main_)).variables, main_, state.last - state.started};
        if (state.end_event) ending.end_event = process[*state.end_event].id;
        if (ending.status == Status::failed && state.failure)
            ending.reasons.push_back("error " + state.failure->code + (state.failure->message.empty() ? "" : ": " + state.failure->message));
        for (const auto& [key, incident] : state.incidents)
            ending.reasons.push_back("incident at " + process[state.at(incident.element).element].id + ": " + incident.message);
        if (state.ended()) return ending;
        for (const auto& [key, instance] : state.elements) {
            if (instance.content) continue;
            const std::string& id = process[instance.element].id;
            ending.waits_at.push_back(id);
            if (const auto refusal = refused_.find(key); refusal != refused_.end())
                ending.reasons.push_back("the completion of " + id + " was refused: " + refusal->second);
        }
        for (const auto& [key, wait] : state.waits)
            if (const auto* subscription = std::get_if<core::Wait::Subscription>(&wait.what); subscription && ending.status == Status::waiting)
                ending.reasons.push_back(process[wait.element].id + " waits for the message " + subscription->message +
                                         (subscription->correlation_key.empty() ? "" : " with the key " + subscription->correlation_key));
        if (box_.exhausted())
            ending.reasons.push_back("stopped after " + std::to_string(commands_per_run) + " commands: something repeats without an end");
        return ending;
    }

    const Plan& plan_;
    sandbox::MockWorld world_;
    sandbox::Sandbox box_;
    InstanceKey main_;
    std::map<core::ElementKey, std::string> refused_;
};

}  // namespace

std::string_view to_string(Status status) noexcept {
    switch (status) {
        case Status::completed: return "completed";
        case Status::waiting: return "waiting";
        case Status::incident: return "incident";
        case Status::failed: return "failed";
        case Status::cancelled: return "cancelled";
    }
    return "";
}

Ending play(const Plan& plan, const Watcher& watcher) { return Play{plan, watcher}.play(); }

}  // namespace kontor::cli::run

#include "cli/run/telling.hpp"

#include "value/calendar.hpp"
#include "value/temporal_text.hpp"

#include <cstdio>

namespace kontor::cli::run {

using Place = std::optional<journal::Whereabouts::Place>;

/// Tells one event. What is not named here is not worth a line.
struct Story::Telling {
    Chapter& chapter;
    const model::Element* element = nullptr;   ///< where it happens

    const model::Process& process() const { return chapter.definition_.process; }
    std::string id(core::ElementIndex i) const { return process()[i].id; }
    static std::string name_of(const model::Element& e) { return e.name.empty() ? e.id : e.name; }
    std::string name() const { return element && element->index != model::root ? name_of(*element) : process().id; }
    std::string service() const {
        const model::Call* call = model::service_call(element->kind);
        const std::string named = call ? call->service : element->id;
        return element->compensates ? "undoes " + id(*element->compensates) + ": " + named : named;
    }
    std::string shown(const Value& value) const { return run::shown(chapter.unmasked_ ? value : chapter.masking_.outcome(*element, value)); }
    std::string moment(Instant at) const {
        const auto local = calendar::in_zone(at, process().time_zone);
        if (!local) return kontor::to_string(at);
        char text[64];
        const Time& time = local->time;
        std::snprintf(text, sizeof text, "%s %02u:%02u:%02u", kontor::to_string(local->date).c_str(), time.hour, time.minute, time.second);
        return text;
    }
    Told told(std::string text, Style style = Style::plain) const { return {name(), std::move(text), {}, style, {}, {}}; }
    Told begins(core::ElementKey key, std::string text) const { return {name(), std::move(text), {}, Style::faint, key, {}}; }
    Told finishes(core::ElementKey key, std::string text, Style style = Style::plain) const { return {name(), std::move(text), {}, style, {}, key}; }

    template <class Event>
    Told operator()(const Event&) const { return {}; }

    Told operator()(const core::InstanceStarted& e) const {
        std::string text = "starts";
        if (!process().name.empty()) text += ": " + process().name;
        if (!process().version_tag.empty()) text += ", version " + process().version_tag;
        if (!e.by.empty()) text += ", by " + e.by;
        return told(text, Style::bold);
    }
    Told operator()(const core::InstanceCancelling& e) const { return told("is cancelled by " + e.by + ": " + e.reason, Style::warning); }

    // ---- services ---------------------------------------------------------------------------------------------------------------
    Told operator()(const core::JobCreated& e) const { return begins(e.key, service() + " is called"); }
    Told operator()(const core::JobRetried& e) const { return begins(e.key, service() + " is called again, attempt " + std::to_string(e.attempt)); }
    Told operator()(const core::JobCompleted& e) const {
        const bool nothing = e.result == Value{} || e.result == Value{Variables{}};
        return finishes(e.key, service() + (nothing ? " is done" : " answers " + shown(e.result)));
    }
    Told operator()(const core::JobDeferred& e) const { return told(service() + " will answer until " + moment(e.until)); }
    Told operator()(const core::JobBackedOff& e) const {
        return finishes(e.key, service() + " fails (" + e.message + "), tried again at " + moment(e.due), Style::warning);
    }
    Told operator()(const core::JobQueried& e) const { return told(service() + " is asked what became of the call: " + e.reason, Style::warning); }
    Told operator()(const core::JobSettled& e) const {
        return finishes(e.key, service() + (e.took_effect ? ": the interrupted call took effect" : ": the interrupted call had no effect"));
    }
    Told operator()(const core::ErrorThrown& e) const {
        const bool hidden = !chapter.unmasked_ && chapter.masking_.hides_errors(*element);
        const std::string message = hidden ? std::string{journal::Masking::mask} : e.message;
        return finishes(e.key, "error " + e.code + (e.message.empty() ? "" : ": " + message), Style::warning);
    }

    // ---- people and decisions -------------------------------------------------------------------------------------------------------
    Told operator()(const core::TaskCreated& e) const {
        const auto& task = std::get<model::UserTask>(element->kind);
        std::string text = "waits for " + (e.assignee.empty() ? std::string{"a person"} : e.assignee);
        if (e.assignee.empty() && !task.candidate_groups.empty()) {
            text += " of";
            for (const auto& group : task.candidate_groups) text += (&group == &task.candidate_groups.front() ? " " : " or ") + group;
        }
        if (e.due) text += ", due " + moment(*e.due);
        return begins(e.key, text);
    }
    Told operator()(const core::TaskAssigned& e) const {
        return told(e.assignee.empty() ? "given back by " + e.by : "assigned to " + e.assignee, Style::person);
    }
    Told operator()(const core::TaskCompleted& e) const {
        const bool nothing = e.output == Value{} || e.output == Value{Variables{}};
        return finishes(e.key, "done by " + (e.by.empty() ? std::string{"somebody"} : e.by) + (nothing ? "" : ": " + shown(e.output)), Style::person);
    }
    Told operator()(const core::DecisionEvaluated& e) const {
        std::string rules = e.matched_rules.empty() ? "no rule" : e.matched_rules.size() == 1 ? "rule" : "rules";
        for (const auto number : e.matched_rules) rules += (number == e.matched_rules.front() ? " " : ", ") + std::to_string(number);
        return told(e.decision + ", " + rules + ": " + shown(e.output));
    }

    // ---- waiting ----------------------------------------------------------------------------------------------------------------
    Told operator()(const core::TimerScheduled& e) {
        chapter.awaited_[e.wait] = "the time has come";
        return awaits(e.element, e.owner, "until " + moment(e.due));
    }
    Told operator()(const core::SubscriptionOpened& e) {
        chapter.awaited_[e.wait] = "message " + e.message;
        return awaits(e.element, e.owner, "for message " + e.message + (e.correlation_key.empty() ? "" : " (key " + e.correlation_key + ")"));
    }
    /// Boundary events and event subprocesses wait silently: most of them never come.
    Told awaits(core::ElementIndex awaiting, core::ElementKey owner, std::string what) const {
        const auto& kind = process()[awaiting].kind;
        if (std::holds_alternative<model::BoundaryEvent>(kind) || std::holds_alternative<model::StartEvent>(kind)) return {};
        const auto waiting = chapter.elements_.find(owner);
        return {waiting == chapter.elements_.end() ? name() : name_of(process()[waiting->second]), "waits " + what, what, Style::faint, owner, {}};
    }
    Told operator()(const core::TimerFired& e) const { return told(chapter.awaited_[e.wait], Style::bold); }
    Told operator()(const core::MessageCorrelated& e) const { return told(chapter.awaited_[e.wait] + " arrives", Style::bold); }

    // ---- ways -------------------------------------------------------------------------------------------------------------------
    Told operator()(const core::ElementTriggered& e) const { return {name(), {}, {}, {}, {}, e.key}; }
    Told operator()(const core::ElementCompleted& e) const {
        if (std::holds_alternative<model::EndEvent>(element->kind) && !element->implied) return told("end", Style::bold);
        if (std::holds_alternative<model::ScriptTask>(element->kind)) return told(writes(e));
        const bool may_choose = std::holds_alternative<model::ExclusiveGateway>(element->kind) ||
                                std::holds_alternative<model::InclusiveGateway>(element->kind);
        return may_choose && element->outgoing.size() > 1 ? told("goes on to " + targets(e.taken), Style::faint) : Told{};
    }
    std::string targets(const std::vector<core::FlowIndex>& flows) const {
        std::string text;
        for (const auto flow : flows) {
            // A merge that the reader made has no name that means anything: what follows has.
            core::ElementIndex target = process()[flow].target;
            for (int i = 0; i < 20 && process()[target].implied && process()[target].outgoing.size() == 1; ++i)
                target = process()[process()[target].outgoing.front()].target;
            text += (text.empty() ? "" : " and ") + id(target);
        }
        return text;
    }
    std::string writes(const core::ElementCompleted& e) const {
        std::string text;
        for (const auto& write : e.writes) {
            const Value value = chapter.unmasked_ ? write.value : chapter.masking_.variable(write.name, write.value);
            text += (text.empty() ? "sets " : ", ") + write.name + " = " + run::shown(value);
        }
        return text;
    }
    Told operator()(const core::ElementTerminating& e) const { return {name(), {}, {}, {}, {}, e.key}; }
    Told operator()(const core::ElementTerminated& e) const {
        return finishes(e.key, model::is_activity(element->kind) ? "is interrupted" : "", Style::warning);
    }
    Told operator()(const core::CompensationTriggered& e) const {
        Told undoes = told(e.activity ? "undoes " + id(*e.activity) : "undoes what was done", Style::warning);
        if (const auto asks = chapter.elements_.find(e.requester); asks != chapter.elements_.end()) undoes.name = name_of(process()[asks->second]);
        return undoes;
    }

    // ---- incidents ----------------------------------------------------------------------------------------------------------------
    Told operator()(const core::IncidentRaised& e) const { return finishes(e.key, "stops: " + e.message, Style::bad); }
    Told operator()(const core::IncidentResolved& e) const { return told("goes on" + (e.by.empty() ? "" : ", says " + e.by)); }
};

Told Story::Chapter::tell(const core::Event& event) {
    const Place place = where_.follow(definition_.process, event);
    if (const auto* activated = std::get_if<core::ElementActivated>(&event)) elements_[activated->key] = activated->element;
    const model::Element* element = place ? &definition_.process[place->element] : nullptr;
    return std::visit(Telling{*this, element}, event);
}

}  // namespace kontor::cli::run

#include "core/errors.hpp"

#include "core/waits.hpp"

#include <algorithm>

namespace kontor::core {
namespace {

struct Catcher {
    ElementKey owner;        ///< the activity with the boundary event, or the scope with the event subprocess
    ElementIndex event{};    ///< the boundary event or the start event
};

enum class Match { none, any, exact };

Match match(const model::CatchDefinition& definition, const std::string& code) {
    const auto* error = std::get_if<model::ErrorEvent>(&definition);
    if (!error) return Match::none;
    if (error->codes.empty()) return Match::any;
    return std::find(error->codes.begin(), error->codes.end(), code) != error->codes.end() ? Match::exact : Match::none;
}

/// Among handlers of one level, the one that names the code goes before the one that takes all.
class Best {
public:
    void offer(ElementIndex event, Match m) {
        if (m > match_) event_ = event, match_ = m;
    }
    [[nodiscard]] std::optional<ElementIndex> event() const { return match_ == Match::none ? std::nullopt : std::optional{event_}; }

private:
    ElementIndex event_{};
    Match match_ = Match::none;
};

std::optional<ElementIndex> boundary_for(const Deciding& d, const ElementInstance& activity, const std::string& code) {
    Best best;
    for (const ElementIndex index : d.element(activity).boundary_events)
        best.offer(index, match(std::get<model::BoundaryEvent>(d.process[index].kind).definition, code));
    return best.event();
}

std::optional<ElementIndex> event_subprocess_for(const Deciding& d, const ElementInstance& scope, ElementIndex thrower,
                                                 const std::string& code) {
    if (scope.content->interrupted) return std::nullopt;   // an interrupting event subprocess runs: no other one may start
    Best best;
    for (const ElementIndex index : d.process.scope(scope.element).event_subprocesses) {
        if (index == thrower) continue;
        for (const ElementIndex start : d.process.scope(index).start_events)
            best.offer(start, match(std::get<model::StartEvent>(d.process[start].kind).definition, code));
    }
    return best.event();
}

std::optional<Catcher> find_catcher(const Deciding& d, ElementKey from, const std::string& code) {
    for (const ElementInstance* at = d.state.find(from); at; at = d.state.find(at->scope)) {
        if (at->compensates) return std::nullopt;   // the error of a compensation is a matter for people
        if (const auto event = boundary_for(d, *at, code)) return Catcher{at->key, *event};
        const ElementInstance* scope = d.state.find(at->scope);
        if (!scope) return std::nullopt;
        if (scope->phase == lifecycle::Activity::terminating) return std::nullopt;
        if (const auto event = event_subprocess_for(d, *scope, at->element, code)) return Catcher{scope->key, *event};
    }
    return std::nullopt;
}

bool inside_a_compensation(const State& state, ElementKey key) {
    for (const ElementInstance* at = state.find(key); at; at = state.find(at->scope))
        if (at->compensates) return true;
    return false;
}

Value error_context(const BpmnError& error) {
    return Variables{{"code", error.code}, {"message", error.message}, {"data", error.data}};
}

}  // namespace

bool catch_error_of_job(Here here, const BpmnError& error) {
    const auto catcher = find_catcher(here.deciding, here.key, error.code);
    if (!catcher) return false;
    here.deciding.emit(ErrorThrown{here.key, error.code, error.message, error.data});
    trigger(here.deciding, catcher->owner, catcher->event, error_context(error));
    return true;
}

void throw_error_event(Here here, const BpmnError& error) {
    Deciding& d = here.deciding;
    const auto catcher = find_catcher(d, here.key, error.code);
    if (!catcher && inside_a_compensation(d.state, here.key))   // the process cannot fail before it is undone
        return d.raise(here.key, IncidentKind::unhandled_error, "a compensation ends with the error " + error.code + ", which nothing catches");
    d.emit(ErrorThrown{here.key, error.code, error.message, error.data});
    if (catcher) return trigger(d, catcher->owner, catcher->event, error_context(error));
    d.emit(ScopeInterrupted{root_of(d.state.key), {}, true});
}

}  // namespace kontor::core

#include "core/elements/behaviour.hpp"
#include "core/expressions.hpp"
#include "core/waits.hpp"

namespace kontor::core {
namespace {

std::vector<ElementIndex> event_subprocess_starts(const model::Process& process, ElementIndex scope) {
    std::vector<ElementIndex> starts;
    for (const ElementIndex event_subprocess : process.scope(scope).event_subprocesses)
        for (const ElementIndex start : process.scope(event_subprocess).start_events) starts.push_back(start);
    return starts;
}

}  // namespace

// BPMN 2.0, 13.5.1: what triggered the event has happened already; it passes its token on. From now on the event subprocesses beside it
// wait for theirs: their correlation keys and timers may read what this event has written, such as the message that started the process.
void activate(Here here, const model::StartEvent&) {
    Deciding& d = here.deciding;
    auto done = completion(here, outcome_locals(here));
    if (!done) return;
    Variables written;
    for (const auto& write : done->writes) written.set(write.name, write.value);
    auto waits = prepare_waits(here, here.scope(), event_subprocess_starts(d.process, here.element.scope), written);
    if (!waits) return;
    d.emit(ElementCompleted{here.key, std::move(done->writes), here.element.outgoing, std::move(done->compensation)});
    for (Event& wait : *waits) d.emit(std::move(wait));
}

}  // namespace kontor::core

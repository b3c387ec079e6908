#pragma once
/// What each BPMN element does. One .cpp per element; overloads, so that an element that is forgotten does not compile.
#include "core/deciding.hpp"

namespace kontor::core {

/// The element instance is ready: it begins. Ends with the instance waiting, completed, or stopped by an incident.
void activate(Here, const model::ProcessElement&);
void activate(Here, const model::SubProcess&);
void activate(Here, const model::EventSubProcess&);
void activate(Here, const model::StartEvent&);
void activate(Here, const model::EndEvent&);
void activate(Here, const model::IntermediateThrowEvent&);
void activate(Here, const model::IntermediateCatchEvent&);
void activate(Here, const model::BoundaryEvent&);
void activate(Here, const model::ServiceTask&);
void activate(Here, const model::SendTask&);
void activate(Here, const model::ReceiveTask&);
void activate(Here, const model::UserTask&);
void activate(Here, const model::ScriptTask&);
void activate(Here, const model::BusinessRuleTask&);
void activate(Here, const model::ManualTask&);
void activate(Here, const model::ExclusiveGateway&);
void activate(Here, const model::ParallelGateway&);
void activate(Here, const model::InclusiveGateway&);
void activate(Here, const model::EventBasedGateway&);

/// The element instance has what it waited for: its outputs are written and its tokens leave. Most elements do just that.
template <class Kind>
void finish(Here, const Kind&);
void finish(Here, const model::EndEvent&);
void finish(Here, const model::EventBasedGateway&);

/// All children of a subprocess have ended.
void complete_scope(Here);

// ---- shared by several elements ----------------------------------------------------------------------------------------------
/// The boundary events' waits of an activity, evaluated but not yet recorded.
std::optional<std::vector<Event>> prepare_boundary(Here);
/// Its input: as mapped, or for a compensation handler as it was when the step completed.
std::optional<Variables> input_of(Here);
/// A service is to be called: ServiceTask, SendTask.
void create_job(Here);
/// Behind an event-based gateway the event has happened when the token comes.
bool has_happened(Here);
/// An event that throws compensation: it waits until everything is undone.
void throw_compensation(Here, const model::CompensateEvent&);

}  // namespace kontor::core

#include "core/flow.hpp"

template <class Kind>
void kontor::core::finish(Here here, const Kind&) {
    complete(here);
}

#pragma once
/// The fields of the state, for snapshots. A member that is added there and forgotten here does not compile.
#include "core/state.hpp"
#include "journal/fields.hpp"

namespace kontor::journal {

template <>
struct Fields<core::Job> {
    static constexpr std::string_view name = "job";
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        auto& [state, attempt, failures, due, input, in_doubt, restarts] = self;
        f("state", state), f("attempt", attempt), f("failures", failures), f("due", due), f("input", input), f("inDoubt", in_doubt),
            f("restarts", restarts);
    }
};

template <>
struct Fields<core::UserTask> {
    static constexpr std::string_view name = "userTask";
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        auto& [state, assignee, due, input, created] = self;
        f("state", state), f("assignee", assignee), f("due", due), f("input", input), f("created", created);
    }
};

template <>
struct Fields<core::Compensable> {
    static constexpr std::string_view name = "compensable";
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        auto& [instance, activity, input, nested, handler] = self;
        f("instance", instance), f("activity", activity), f("input", input), f("nested", nested), f("handler", handler);
    }
};

template <>
struct Fields<core::Compensation> {
    static constexpr std::string_view name = "compensation";
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        auto& [key, activity, only, requester] = self;
        f("key", key), f("activity", activity), f("only", only), f("requester", requester);
    }
};

template <>
struct Fields<core::Scope> {
    static constexpr std::string_view name = "scope";
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        auto& [variables, children, moving, arrived, compensable, compensations, interrupted, survivor] = self;
        f("variables", variables), f("children", children), f("moving", moving), f("arrived", arrived), f("compensable", compensable),
            f("compensations", compensations), f("interrupted", interrupted), f("survivor", survivor);
    }
};

template <>
struct Fields<core::ElementInstance> {
    static constexpr std::string_view name = "elementInstance";
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        auto& [key, element, scope, phase, payload, compensates, chosen, waits, incident, job, task, content] = self;
        f("key", key), f("element", element), f("scope", scope), f("phase", phase), f("payload", payload), f("compensates", compensates),
            f("chosen", chosen), f("waits", waits), f("incident", incident), f("job", job), f("task", task), f("content", content);
    }
};

template <>
struct Fields<core::Wait::Timer> {
    static constexpr std::string_view name = "timer";
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        auto& [due, repetitions] = self;
        f("due", due), f("repetitions", repetitions);
    }
};

template <>
struct Fields<core::Wait::Subscription> {
    static constexpr std::string_view name = "subscription";
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        auto& [message, correlation_key] = self;
        f("message", message), f("correlationKey", correlation_key);
    }
};

template <>
struct Fields<core::Wait> {
    static constexpr std::string_view name = "wait";
    static core::Wait blank() { return {.owner = {}, .element = {}, .what = core::Wait::Timer{}}; }
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        auto& [owner, element, what] = self;
        f("owner", owner), f("element", element), f("what", what);
    }
};

template <>
struct Fields<core::Incident> {
    static constexpr std::string_view name = "incident";
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        auto& [state, element, kind, message, raised] = self;
        f("state", state), f("element", element), f("kind", kind), f("message", message), f("raised", raised);
    }
};

template <>
struct Fields<core::Todo> {
    static constexpr std::string_view name = "todo";
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        auto& [element, flow, scope] = self;
        f("element", element), f("flow", flow), f("scope", scope);
    }
};

template <>
struct Fields<core::State> {
    static constexpr std::string_view name = "state";
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        auto& [key, definition, business_key, key_prefix, phase, started, last, rows, elements, waits, incidents, agenda, completed_by,
               start_event, end_event, cancelling, failure, failing, halted, continuing, continuations] = self;
        f("key", key), f("definition", definition), f("businessKey", business_key), f("keyPrefix", key_prefix), f("phase", phase),
            f("started", started), f("last", last), f("rows", rows), f("elements", elements), f("waits", waits),
            f("incidents", incidents), f("agenda", agenda), f("completedBy", completed_by), f("startEvent", start_event),
            f("endEvent", end_event), f("cancelling", cancelling), f("failure", failure), f("failing", failing), f("halted", halted),
            f("continuing", continuing), f("continuations", continuations);
    }
};

}  // namespace kontor::journal

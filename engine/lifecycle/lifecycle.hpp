#pragma once
/// The fixed lifecycles: which state may follow which. The only question that decide() asks before it journals a change.
///
/// Each machine is a Boost.MSM transition table at the top of its own .cpp. States are known outside by these enumerators and
/// their names, never by MSM's numbers, so a table may change without touching a journal. All functions are pure.
#include <cstdint>
#include <optional>
#include <string_view>

namespace kontor::lifecycle {

enum class Instance : std::uint8_t { running, suspended, cancelling, completed, cancelled, failed };
enum class InstanceTrigger : std::uint8_t { suspend, resume, cancel, complete, finish_cancelling, fail };

/// An element instance; the words are those of BPMN 2.0, figure 13.2.
enum class Activity : std::uint8_t { ready, active, completing, completed, terminating, terminated, compensating, compensated };
enum class ActivityTrigger : std::uint8_t { activate, work_done, complete, interrupt, terminate, compensate, finish_compensating };

/// A call of a service. `created` waits for its attempt to be recorded, `calling` may be under way now, `deferred` will be answered
/// later by somebody who holds the key, `backing_off` waits for its next attempt, `querying` asks what became of a call.
enum class Job : std::uint8_t { created, calling, deferred, backing_off, querying, incident, completed, failed, cancelled };
enum class JobTrigger : std::uint8_t { call, defer, back_off, query, raise_incident, resolve, complete, fail, cancel };

enum class UserTask : std::uint8_t { created, assigned, completed, cancelled };
enum class UserTaskTrigger : std::uint8_t { assign, unassign, complete, cancel };

enum class Incident : std::uint8_t { open, resolved, withdrawn };
enum class IncidentTrigger : std::uint8_t { resolve, withdraw };

/// The state that follows, or nothing if the trigger is illegal in this state.
std::optional<Instance> next(Instance, InstanceTrigger);
std::optional<Activity> next(Activity, ActivityTrigger);
std::optional<Job> next(Job, JobTrigger);
std::optional<UserTask> next(UserTask, UserTaskTrigger);
std::optional<Incident> next(Incident, IncidentTrigger);

/// Stable names, as JSON and documentation write them: `backing-off`.
std::string_view to_string(Instance) noexcept;
std::string_view to_string(Activity) noexcept;
std::string_view to_string(Job) noexcept;
std::string_view to_string(UserTask) noexcept;
std::string_view to_string(Incident) noexcept;
std::string_view to_string(InstanceTrigger) noexcept;
std::string_view to_string(ActivityTrigger) noexcept;
std::string_view to_string(JobTrigger) noexcept;
std::string_view to_string(UserTaskTrigger) noexcept;
std::string_view to_string(IncidentTrigger) noexcept;

}  // namespace kontor::lifecycle

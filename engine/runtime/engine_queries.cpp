// What can be asked of an engine.
#include "runtime/engine_impl.hpp"

namespace kontor {

std::string_view to_string(State state) noexcept {
    switch (state) {
        case State::running: return "running";
        case State::incident: return "incident";
        case State::suspended: return "suspended";
        case State::cancelling: return "cancelling";
        case State::completed: return "completed";
        case State::cancelled: return "cancelled";
        case State::failed: return "failed";
    }
    return "?";
}

std::string_view to_string(LogLevel level) noexcept {
    switch (level) {
        case LogLevel::debug: return "debug";
        case LogLevel::info: return "info";
        case LogLevel::warning: return "warning";
        case LogLevel::error: return "error";
    }
    return "?";
}

std::optional<InstanceInfo> Engine::find(InstanceKey key) const { return impl_->reader().find(key); }
std::optional<InstanceKey> Engine::started(std::string_view request_id) const { return impl_->reader().started(request_id); }
Variables Engine::variables(InstanceKey key) const { return impl_->reader().variables(key); }
Variables Engine::masked_variables(InstanceKey key) const { return impl_->reader().masked_variables(key); }
std::vector<std::string> Engine::waits(InstanceKey key) const { return impl_->reader().waits(key); }
Variables Engine::input(TaskKey key) const { return impl_->reader().input(key); }
Page<InstanceInfo> Engine::instances(const InstanceQuery& query) const { return impl_->reader().instances(query); }
Page<TaskInfo> Engine::tasks(const TaskQuery& query) const { return impl_->reader().tasks(query); }
Page<IncidentInfo> Engine::incidents(const IncidentQuery& query) const { return impl_->reader().incidents(query); }
Page<Event> Engine::history(const HistoryQuery& query) const { return impl_->reader().history(query); }

}  // namespace kontor

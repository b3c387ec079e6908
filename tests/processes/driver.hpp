#pragma once
/// Drives one Checked instance by the ids of its elements, for stories in tests. Commands return the rule of the refusal, or "".
#include "processes/builder.hpp"
#include "processes/checked.hpp"

namespace kontor::test {

inline constexpr Instant nine_o_clock{std::chrono::sys_days{std::chrono::March / 2 / 2026} + std::chrono::hours{9}};

class Driver {
public:
    explicit Driver(model::Definition definition) : instance_{std::move(definition)} {}

    std::string start(Variables variables = {{"key", "K-1"}});
    std::string send(const core::Command&);
    /// Whatever becomes due meanwhile happens in its order: timers, back-offs, the end of a deferred job's time.
    void advance(Duration);
    void set_clock(Instant at) { now_ = at; }
    /// What the engine does by itself: records attempts (PrepareCall) and goes on after a pause. On unless a test wants to see it.
    bool automatic = true;

    // ---- services, by the id of the task
    std::string complete(std::string_view id, Value result = {});
    std::string fail(std::string_view id, std::optional<Duration> retry_after = {});
    std::string fail_for_good(std::string_view id);
    std::string lose(std::string_view id, bool by_restart = false);
    std::string return_error(std::string_view id, std::string code, Value data = {});
    std::string defer(std::string_view id, Duration within);
    std::string answer_query(std::string_view id, std::optional<bool> took_effect, Value result = {});

    // ---- people and messages
    std::string complete_task(std::string_view id, std::string user, Variables output = {}, std::vector<std::string> groups = {});
    std::string assign(std::string_view id, std::string user, std::string by = "boss");
    /// To the wait of this catching element: the event, the boundary event, the start event of the event subprocess.
    std::string publish(std::string_view id, Value payload = {}, std::string message_id = "m-1");
    std::string fire(std::string_view id);
    std::string resolve(std::string_view id, Variables corrections = {}, std::optional<bool> took_effect = {});
    std::string cancel(bool compensate = true);
    std::string suspend();
    std::string resume();

    // ---- looking
    [[nodiscard]] const core::State& state() const { return instance_.state(); }
    [[nodiscard]] const Checked& checked() const { return instance_; }
    [[nodiscard]] Instant now() const { return now_; }
    /// The newest live instance of the element; throws if there is none.
    [[nodiscard]] core::ElementKey key(std::string_view id) const;
    [[nodiscard]] std::size_t count(std::string_view id) const;
    [[nodiscard]] bool active(std::string_view id) const { return count(id) > 0; }
    [[nodiscard]] const core::Job& job(std::string_view id) const { return *state().at(key(id)).job; }
    [[nodiscard]] std::optional<core::WaitKey> find_wait(std::string_view id) const;
    [[nodiscard]] std::optional<core::IncidentKind> incident(std::string_view id) const;
    [[nodiscard]] Value variable(std::string_view name) const;
    /// The ids of what has completed, in order, with a blank between.
    [[nodiscard]] std::string completed() const;
    /// Those of compensation handlers only.
    [[nodiscard]] std::string undone() const;
    [[nodiscard]] bool ended_as(lifecycle::Instance phase) const { return state().phase == phase; }
    [[nodiscard]] const std::vector<core::Event>& last_events() const { return events_; }
    template <class E>
    [[nodiscard]] std::size_t effects() const {
        return static_cast<std::size_t>(std::count_if(effects_.begin(), effects_.end(), [](const auto& e) { return std::holds_alternative<E>(e); }));
    }

private:
    std::string go_on();

    Checked instance_;
    Instant now_ = nine_o_clock;
    std::vector<core::Event> events_;
    std::vector<core::Effect> effects_;
};

}  // namespace kontor::test

#include "bench/waits.hpp"

#include "bench/percentile.hpp"
#include "value/calendar.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kontor::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using SystemClock = std::chrono::system_clock;

constexpr std::string_view timer_process = R"(kontor: 1
process: timers
variables:
  due: { type: date and time, required: true }
services:
  loan.tell: { contract: idempotent }
flow:
  - startEvent: begun
  - intermediateCatchEvent: date
    timer: { date: = due }
  - serviceTask: tell
    service: loan.tell
  - endEvent: ended
)";

constexpr std::string_view message_process = R"(kontor: 1
process: messages
variables:
  id: { type: string, required: true }
services:
  loan.tell: { contract: idempotent }
messages:
  wake: { correlationKey: = id }
flow:
  - startEvent: begun
  - intermediateCatchEvent: news
    message: wake
  - serviceTask: tell
    service: loan.tell
    input: { id: = id }
  - endEvent: ended
)";

constexpr std::chrono::seconds patience{120};

double seconds_since(SteadyClock::time_point began) { return std::chrono::duration<double>(SteadyClock::now() - began).count(); }

/// Instances that were begun and have not come to an end yet. Any thread.
class Open {
public:
    void add() {
        const std::scoped_lock lock{mutex_};
        ++open_;
    }
    void done() {
        const std::scoped_lock lock{mutex_};
        if (--open_ == 0) changed_.notify_all();
    }
    void give_up(const Error& error) {
        const std::scoped_lock lock{mutex_};
        error_ = error;
        changed_.notify_all();
    }
    [[nodiscard]] bool is_given_up() {
        const std::scoped_lock lock{mutex_};
        return error_.has_value();
    }
    /// Throws what gave up.
    template <class Tick>
    void wait(const char* what, Tick tick) {
        std::unique_lock lock{mutex_};
        const auto until = SteadyClock::now() + patience;
        while (open_ > 0 && !error_) {
            if (SteadyClock::now() > until) throw Error{Code::unavailable, std::string{what} + " within " + std::to_string(patience.count()) + " seconds"};
            changed_.wait_for(lock, std::chrono::milliseconds{100});
            tick();
        }
        if (error_) throw *error_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t open_ = 0;
    std::optional<Error> error_;
};

/// What the calls of the service were late by.
class Lateness {
public:
    void begin_round(SystemClock::time_point due) {
        const std::scoped_lock lock{mutex_};
        due_ = due;
        round_.clear();
    }
    void called() {
        const double late = std::chrono::duration<double, std::milli>(SystemClock::now() - due_).count();
        const std::scoped_lock lock{mutex_};
        round_.push_back(late);
    }
    /// Takes the round into account. Returns how long it took.
    double end_round() {
        const std::scoped_lock lock{mutex_};
        all_.insert(all_.end(), round_.begin(), round_.end());
        return *std::max_element(round_.begin(), round_.end()) / 1000;
    }
    [[nodiscard]] std::vector<double>& all() noexcept { return all_; }

private:
    std::mutex mutex_;
    SystemClock::time_point due_;
    std::vector<double> round_;
    std::vector<double> all_;
};

/// Starts them; `open` counts each until it has ended. Returns when all that were started wait.
void start_round(Engine& engine, unsigned count, Instant due, Open& open) {
    const Variables variables{{"due", *calendar::in_zone(due, "UTC")}};
    Open starting;
    for (unsigned n = 0; n < count; ++n) {
        starting.add();
        open.add();
        engine.start({.process = std::string{timers}, .variables = variables}, [&](const Result<Started>& started) {
            if (!started) return starting.give_up(started.error());
            engine.on_end(started->key, [&](const Outcome&) { open.done(); });
            starting.done();
        });
    }
    starting.wait("instances were not started", [] {});
}

}  // namespace

Waited measure_timers(const Store& store, const WaitOptions& options) {
    CostMeter meter{options.database};
    Lateness lateness;
    Open open;
    Engine engine{{.store = store,
                   .services = {{"loan.*", [&](const ServiceCall&) -> Answer { return lateness.called(), Variables{}; }, 1'000'000}},
                   .threads = 1,
                   .metrics = meter.metrics(),
                   .queue = options.at_once + 10'000U}};
    engine.deploy({yaml_text(timer_process, "timers.yaml")});
    engine.run();
    meter.begin();
    Waited waited;
    std::uint64_t started = 0;
    double firing_seconds = 0;
    const auto began = SteadyClock::now();
    const auto tick = [&] {
        if (options.progress) options.progress(seconds_since(began));
    };
    // All must wait before they are due, and how long starting them takes shows when it is done.
    std::chrono::milliseconds lead{500 + options.at_once};
    while (SteadyClock::now() - began < options.duration || waited.instances == 0) {
        const auto due = std::chrono::time_point_cast<std::chrono::milliseconds>(SystemClock::now()) + lead;
        lateness.begin_round(due);
        const auto start = SteadyClock::now();
        start_round(engine, options.at_once, due, open);
        const bool is_in_time = SystemClock::now() < due;
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - start);
        open.wait("timers did not fire", tick);
        started += options.at_once;
        lead = is_in_time ? std::chrono::milliseconds{200} + took * 3 / 2 : lead * 2;
        if (!is_in_time) continue;
        waited.instances += options.at_once;
        firing_seconds += lateness.end_round();
    }
    waited.seconds = seconds_since(began);
    waited.cost = meter.of(started);
    waited.per_second = static_cast<double>(waited.instances) / firing_seconds;
    waited.p50_ms = percentile(lateness.all(), 0.50);
    waited.p99_ms = percentile(lateness.all(), 0.99);
    return waited;
}

namespace {

/// When which message was published, and how long it took to the next call.
class Latency {
public:
    void published(const std::string& id) {
        const std::scoped_lock lock{mutex_};
        at_[id] = SteadyClock::now();
    }
    void called(const std::string& id) {
        const auto now = SteadyClock::now();
        const std::scoped_lock lock{mutex_};
        const auto it = at_.find(id);
        if (it == at_.end()) return;   // the call is repeated
        milliseconds.push_back(std::chrono::duration<double, std::milli>(now - it->second).count());
        at_.erase(it);
    }
    std::vector<double> milliseconds;

private:
    std::mutex mutex_;
    std::unordered_map<std::string, SteadyClock::time_point> at_;
};

/// One after the other starts, waits, is told and ends; some side by side.
class Correspondence {
public:
    /// Of several engines each has keys of its own: they begin with its name.
    Correspondence(Engine& engine, Latency& latency, Open& open, SteadyClock::time_point until, std::string name)
        : engine_{engine}, latency_{latency}, open_{open}, until_{until}, name_{std::move(name)} {}

    void next() {
        if (SteadyClock::now() >= until_ || open_.is_given_up()) return;
        open_.add();
        const std::string id = name_ + "A-" + std::to_string(++count_);
        engine_.start({.process = std::string{messages}, .variables = {{"id", id}}}, [this, id](const Result<Started>& started) {
            if (!started) return open_.give_up(started.error());
            engine_.on_end(started->key, [this](const Outcome&) {
                ++ended_;
                next();   // before this one is counted as gone: open never falls to 0 in between
                open_.done();
            });
            tell(id);
        });
    }
    [[nodiscard]] std::uint64_t ended() const noexcept { return ended_; }

private:
    void tell(const std::string& id) {
        latency_.published(id);
        engine_.publish({.name = "wake", .correlation_key = id}, [this](const Result<Published>& published) {
            if (!published) open_.give_up(published.error());
        });
    }
    Engine& engine_;
    Latency& latency_;
    Open& open_;
    const SteadyClock::time_point until_;
    const std::string name_;
    std::atomic<std::uint64_t> count_{0};
    std::atomic<std::uint64_t> ended_{0};
};

}  // namespace

Waited measure_messages(const Store& store, const WaitOptions& options) {
    CostMeter meter{options.database};
    Latency latency;
    Open open;
    std::optional<Correspondence> correspondence;
    Engine engine{{.store = store,
                   .services = {{"loan.*", [&](const ServiceCall& call) -> Answer { return latency.called(call.input().get<std::string>("id")), Variables{}; }, 1'000'000}},
                   .threads = 1,
                   .metrics = meter.metrics(),
                   .node = options.node}};
    engine.deploy({yaml_text(message_process, "messages.yaml")});
    engine.run();
    if (options.meet) options.meet();
    meter.begin();
    const auto began = SteadyClock::now();
    correspondence.emplace(engine, latency, open, began + options.duration, options.node);
    for (unsigned n = 0; n < options.at_once; ++n) correspondence->next();
    open.wait("messages did not arrive", [&] {
        if (options.progress) options.progress(seconds_since(began));
    });
    Waited waited;
    waited.seconds = seconds_since(began);
    waited.instances = correspondence->ended();
    waited.per_second = static_cast<double>(waited.instances) / waited.seconds;
    waited.cost = meter.of(waited.instances);
    waited.p50_ms = percentile(latency.milliseconds, 0.50);
    waited.p99_ms = percentile(latency.milliseconds, 0.99);
    waited.milliseconds = std::move(latency.milliseconds);
    if (options.meet) options.meet();
    return waited;
}

}  // namespace kontor::bench

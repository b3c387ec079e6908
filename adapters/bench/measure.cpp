#include "bench/measure.hpp"

#include "bench/percentile.hpp"
#include "ports/store.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace kontor::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Starts an instance whenever one has ended, until the time is over.
class Load {
public:
    Load(Engine& engine, const Workload& workload, SteadyClock::time_point until) : engine_{engine}, workload_{workload}, variables_{workload.variables()}, until_{until} {}

    void begin(unsigned in_flight) {
        for (unsigned i = 0; i < in_flight; ++i) start_one();
    }
    /// Until nothing is in flight any more.
    template <class Tick>
    void wait(Tick tick) {
        std::unique_lock lock{mutex_};
        while (in_flight_ > 0) {
            changed_.wait_for(lock, std::chrono::milliseconds{100});
            tick(times_.size());
        }
        if (error_) throw *error_;
    }
    [[nodiscard]] std::vector<double>& milliseconds() { return times_; }
    [[nodiscard]] std::uint64_t ended() const noexcept { return ended_; }
    [[nodiscard]] InstanceKey newest() const noexcept { return newest_; }

private:
    void start_one() {
        const auto began = SteadyClock::now();
        {
            const std::scoped_lock lock{mutex_};
            if (began >= until_ || error_) return;
            ++in_flight_;
        }
        engine_.start({.process = std::string{workload_.process}, .variables = variables_}, [this, began](const Result<Started>& started) {
            if (!started) return give_up(started.error());
            engine_.on_end(started->key, [this, began, key = started->key](const Outcome& outcome) { has_ended(began, key, outcome); });
        });
    }
    void has_ended(SteadyClock::time_point began, InstanceKey key, const Outcome& outcome) {
        if (!std::holds_alternative<Completed>(outcome)) return give_up(Error{Code::conflict, "an instance of the workload did not complete"});
        const auto now = SteadyClock::now();
        {
            const std::scoped_lock lock{mutex_};
            newest_ = key;
            ++ended_;
            if (now <= until_) times_.push_back(std::chrono::duration<double, std::milli>(now - began).count());
        }
        start_one();   // before this one is counted as gone: in flight never falls to 0 in between
        const std::scoped_lock lock{mutex_};
        if (--in_flight_ == 0) changed_.notify_all();
    }
    void give_up(const Error& error) {
        const std::scoped_lock lock{mutex_};
        error_ = error;
        if (--in_flight_ == 0) changed_.notify_all();
    }

    Engine& engine_;
    const Workload& workload_;
    const Variables variables_;
    const SteadyClock::time_point until_;
    std::mutex mutex_;
    std::condition_variable changed_;
    unsigned in_flight_ = 0;
    std::uint64_t ended_ = 0;
    std::vector<double> times_;
    InstanceKey newest_;
    std::optional<Error> error_;
};

/// What one instance has written, for the comparison with the reference.
void count_rows(ports::Store& store, InstanceKey key, Measured& measured) {
    for (const auto& row : store.journal(key, {}, 10'000)) {
        measured.journal_rows_per_instance += 1;
        measured.journal_bytes_per_instance += static_cast<double>(row.bytes.size() + row.link.hash.size());
    }
}

}  // namespace

Measured measure(const Workload& workload, const Store& store, const MeasureOptions& options) {
    const Variables result{{"result", std::string(workload.result_bytes - 20, 'r')}};   // 20: the name and what surrounds it
    CostMeter meter{options.database};
    InstanceKey newest;
    Measured measured;
    {
        std::optional<Load> load;   // outlives the engine, which calls it back to its end
        Engine engine{{.store = store,
                       .services = {{"loan.*", [&](const ServiceCall&) -> Answer { return result; }, 1'000'000}},
                       .threads = 1,
                       .metrics = meter.metrics(),
                       .node = options.node}};
        engine.deploy({yaml_text(workload.yaml, std::string{workload.name} + ".yaml")});
        engine.run();
        if (options.meet) options.meet();
        const auto began = SteadyClock::now();
        meter.begin();
        load.emplace(engine, workload, began + options.duration);
        load->begin(options.in_flight);
        load->wait([&](std::uint64_t instances) {
            if (options.progress) options.progress(instances, std::chrono::duration<double>(SteadyClock::now() - began).count());
        });
        measured.instances = load->milliseconds().size();
        measured.seconds = std::chrono::duration<double>(options.duration).count();
        measured.seconds_to_end = std::chrono::duration<double>(SteadyClock::now() - began).count();
        measured.ended = load->ended();
        measured.cost = meter.of(measured.ended);
        measured.instances_per_second = static_cast<double>(measured.instances) / measured.seconds;
        measured.steps_per_second = measured.instances_per_second * workload.steps;
        measured.p50_ms = percentile(load->milliseconds(), 0.50);
        measured.p99_ms = percentile(load->milliseconds(), 0.99);
        measured.milliseconds = std::move(load->milliseconds());
        newest = load->newest();
        if (options.meet) options.meet();
    }
    if (const auto opened = store.open(); newest) count_rows(*opened, newest, measured);
    return measured;
}

}  // namespace kontor::bench

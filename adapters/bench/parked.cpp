#include "bench/parked.hpp"

#include "bench/elsewhere.hpp"
#include "bench/percentile.hpp"
#include "value/calendar.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <semaphore>
#include <utility>
#include <vector>

namespace kontor::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view process = R"(kontor: 1
process: parked
variables:
  id:    { type: string, required: true }
  waits: { type: string, required: true }
  until: { type: date and time, required: true }
services:
  loan.tell: { contract: idempotent }
messages:
  wake: { correlationKey: = id }
flow:
  - startEvent: begun
  - exclusiveGateway: kind
    branches:
      - if: = waits = "timer"
        flow:
          - intermediateCatchEvent: date
            timer: { date: = until }
            next: told
      - if: = waits = "message"
        flow:
          - intermediateCatchEvent: news
            message: wake
            next: told
      - default: true
        flow:
          - userTask: review
            candidateGroups: [clerks]
            next: told
paths:
  end:
    - serviceTask: told
      service: loan.tell
      input: { id: = id }
    - endEvent: ended
)";

constexpr std::ptrdiff_t at_once = 4'000;
constexpr std::uint64_t between_progress = 5'000;

double seconds_since(SteadyClock::time_point began) { return std::chrono::duration<double>(SteadyClock::now() - began).count(); }

std::string id_of(std::uint64_t number) { return "A-" + std::to_string(number); }

/// Resident memory of this process.
double resident_mb() {
    std::ifstream statm{"/proc/self/statm"};
    std::uint64_t size = 0, resident = 0;
    statm >> size >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

}  // namespace

double park(const Store& store, const ParkedOptions& options) {
    std::counting_semaphore<at_once> room{at_once};
    std::atomic<std::uint64_t> failed{0};
    Engine engine{{.store = store, .records_only = true}};   // no timer fires, however soon it is due
    engine.deploy({yaml_text(process, "parked.yaml")});
    engine.run();
    const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const DateTime until = *calendar::in_zone(options.due ? now : now + std::chrono::days{365}, "UTC");
    const auto began = SteadyClock::now();
    constexpr const char* kinds[] = {"timer", "message", "person"};
    for (std::uint64_t i = 0; i < options.instances; ++i) {
        room.acquire();
        engine.start({.process = "parked", .variables = {{"id", id_of(i)}, {"waits", kinds[i % 3]}, {"until", until}}}, [&](const Result<Started>& started) {
            failed += !started;
            room.release();
        });
        if (options.progress && i % between_progress == 0) options.progress(i);
    }
    for (std::ptrdiff_t i = 0; i < at_once; ++i) room.acquire();
    if (failed > 0) throw Error{Code::unavailable, std::to_string(failed) + " instances could not be started"};
    return static_cast<double>(options.instances) / seconds_since(began);
}

namespace {

/// The same in a process of its own.
double fill_elsewhere(const Store& store, const Interrupts& interrupts, const ParkedOptions& options) {
    return elsewhere<double>(interrupts, "fill the store", std::chrono::hours{24}, [&] { return park(store, options); });
}

/// When the service was called for an instance.
class Calls {
public:
    void came(const ServiceCall& call) {
        const std::scoped_lock lock{mutex_};
        last_ = call.input().get<std::string>("id");
        ++count_;
        changed_.notify_all();
    }
    void wait_for(const std::string& id) {
        std::unique_lock lock{mutex_};
        if (!changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return last_ == id; }))
            throw Error{Code::unavailable, "a message has not reached its instance within 30 seconds"};
    }
    void wait_for(std::uint64_t count, const Interrupts& interrupts) {
        std::unique_lock lock{mutex_};
        std::uint64_t before = count_;
        for (auto since = SteadyClock::now(); count_ < count; interrupts.look()) {
            changed_.wait_for(lock, std::chrono::milliseconds{100}, [&] { return count_ >= count; });
            if (std::exchange(before, count_) != count_) since = SteadyClock::now();
            if (SteadyClock::now() - since > std::chrono::seconds{30}) throw Error{Code::unavailable, "no timer has fired for 30 seconds"};
        }
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string last_;
    std::uint64_t count_ = 0;
};

}  // namespace

Parked measure_parked(const Store& store, const std::string& file, const Interrupts& interrupts, const ParkedOptions& options) {
    Parked parked;
    parked.starts_per_second = fill_elsewhere(store, interrupts, options);
    std::error_code no_file;
    const auto bytes = file.empty() ? 0 : std::filesystem::file_size(file, no_file);
    if (!no_file) parked.store_bytes_per_instance = static_cast<double>(bytes) / static_cast<double>(options.instances);

    Calls calls;
    const auto began = SteadyClock::now();
    Engine engine{{.store = store, .services = {{"loan.*", [&](const ServiceCall& call) -> Answer { return calls.came(call), Variables{}; }}}}};
    engine.run();
    parked.restart_seconds = seconds_since(began);
    if (options.due) {
        const std::uint64_t timers = (options.instances + 2) / 3;
        calls.wait_for(timers, interrupts);
        parked.due_seconds = seconds_since(began);
        parked.due_per_second = static_cast<double>(timers) / parked.due_seconds;
    }

    std::vector<double> milliseconds;
    const std::uint64_t waiting = options.instances / 3;
    for (std::uint64_t n = 0; n < std::min<std::uint64_t>(options.messages, waiting); ++n) {
        const std::string id = id_of(n * (waiting / std::min<std::uint64_t>(options.messages, waiting)) * 3 + 1);   // spread over all
        interrupts.look();
        const auto published = SteadyClock::now();
        engine.publish({.name = "wake", .correlation_key = id});
        calls.wait_for(id);
        milliseconds.push_back(seconds_since(published) * 1000);
    }
    parked.resident_mb = resident_mb();
    parked.message_p50_ms = percentile(milliseconds, 0.50);
    parked.message_p99_ms = percentile(milliseconds, 0.99);
    return parked;
}

}  // namespace kontor::bench

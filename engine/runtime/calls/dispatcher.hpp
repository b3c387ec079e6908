#pragma once
/// Calls of services: who carries them out, how many at once, how long.
#include "ports/service.hpp"
#include "runtime/machine/meter.hpp"
#include "runtime/machine/workshop.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kontor::runtime {

/// The right to one call of a service; the next in line gets it when the last copy is gone.
using Slot = std::shared_ptr<void>;

/// Any thread; nothing blocks, but stop().
class Dispatcher {
public:
    /// Throws Error{bad_input} for bindings that cannot be.
    Dispatcher(std::vector<Binding> bindings, Workshop& workshop, Meter meter);
    ~Dispatcher();
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    /// Whether somebody carries out the service.
    [[nodiscard]] bool knows(std::string_view service) const { return find(service) != nullptr; }
    void start(Inbound&);

    /// Calls `go` once fewer calls of the binding are under way than it allows: at once, or from the thread that ends one. Never, if
    /// nobody is bound or the engine stops: the call is left to recovery.
    void acquire(std::string_view service, std::function<void(Slot)> go);
    /// `done` is called once, from any thread, at the latest when the call's deadline is over.
    void invoke(ServiceCall::Content, Slot, std::function<void(ports::CallOutcome)> done);
    /// Asks what became of a call.
    void query(ServiceCall::Content, std::function<void(ports::CallOutcome)> done);
    /// Nobody wants the answer any more.
    void cancel(JobKey);

    [[nodiscard]] std::size_t under_way() const;
    /// From now on no slot is given out: what waits for one is left to recovery.
    void close();
    /// Makes no more calls, waits for those under way, then listens to no answer any more. Returns how many did not end in time.
    std::size_t stop(Duration grace);

private:
    struct Bound;
    struct Active;
    class Door;

    [[nodiscard]] Bound* find(std::string_view service) const;
    void give_back(Bound&);
    std::pair<Reply, ServiceCall> open(ServiceCall::Content, Bound&, Slot, std::function<void(ports::CallOutcome)> done);
    void finish(const std::shared_ptr<Active>&);
    void watch(Instant deadline);
    void end_overdue();
    [[nodiscard]] bool is_idle() const;
    void forget_all();

    Workshop& workshop_;
    Meter meter_;
    std::vector<std::unique_ptr<Bound>> bound_;
    mutable std::mutex mutex_;
    std::condition_variable ended_;
    std::unordered_map<JobKey, std::shared_ptr<Active>> active_;   ///< the newest of each job
    std::map<std::pair<Instant, std::uint64_t>, std::shared_ptr<Active>> deadlines_;   ///< of all: a job may have an older call beside its newest
    std::uint64_t calls_ = 0;
    Instant rings_at_ = Instant::max();     ///< of the alarm
    std::shared_ptr<void> alarm_;
    std::shared_ptr<Door> door_;            ///< through which answers come; who has a Reply may keep it longer than there is a dispatcher
};

}  // namespace kontor::runtime

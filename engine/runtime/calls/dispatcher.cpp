#include "runtime/calls/dispatcher.hpp"

#include "model/service_name.hpp"
#include "runtime/calls/handlers.hpp"

#include <algorithm>
#include <deque>

namespace kontor::runtime {
namespace {
constexpr Duration longest_grace = std::chrono::hours{24 * 365};
}

struct Dispatcher::Bound {
    std::string name;
    std::shared_ptr<Adapter> adapter;
    std::size_t limit = 64;
    std::mutex mutex;
    std::size_t used = 0;
    std::deque<std::function<void(Slot)>> waiting;
};

/// A call or a query under way.
struct Dispatcher::Active {
    JobKey job;
    std::uint64_t number = 0;        ///< of the call: those with one deadline end in the order in which they began
    Instant deadline;
    Adapter* adapter = nullptr;      ///< not owned: it may keep the reply, and the reply this
    Slot slot;
    std::stop_source stop;
    std::weak_ptr<Reply::Target> target;
    std::function<void(ports::CallOutcome)> done;
    std::string service;
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
};

/// Open until the dispatcher has stopped. What comes later comes to nobody.
class Dispatcher::Door {
public:
    template <class F>
    void enter(F work) {
        {
            const std::scoped_lock lock{mutex_};
            if (closed_) return;
            ++inside_;
        }
        work();
        const std::scoped_lock lock{mutex_};
        if (--inside_ == 0) empty_.notify_all();
    }
    /// Returns when nobody is inside.
    void close() {
        std::unique_lock lock{mutex_};
        closed_ = true;
        empty_.wait(lock, [this] { return inside_ == 0; });
    }

private:
    std::mutex mutex_;
    std::condition_variable empty_;
    int inside_ = 0;
    bool closed_ = false;
};

Dispatcher::Dispatcher(std::vector<Binding> bindings, Workshop& workshop, Meter meter)
    : workshop_{workshop}, meter_{std::move(meter)}, door_{std::make_shared<Door>()} {
    for (Binding& binding : bindings) {
        if (binding.name.empty()) throw Error{Code::bad_input, "a service is bound without a name"};
        if (binding.max_concurrent < 1) throw Error{Code::bad_input, "service " + binding.name + " may have 1 or more calls at once, not " + std::to_string(binding.max_concurrent)};
        if (std::any_of(bound_.begin(), bound_.end(), [&](const auto& b) { return b->name == binding.name; }))
            throw Error{Code::bad_input, "service " + binding.name + " is bound twice"};
        auto bound = std::make_unique<Bound>();
        bound->name = std::move(binding.name);
        bound->limit = static_cast<std::size_t>(binding.max_concurrent);
        bound->adapter = binding.service.adapter() ? binding.service.adapter() : handler_adapter(binding.service.handler(), workshop.callbacks());
        bound_.push_back(std::move(bound));
    }
    std::stable_sort(bound_.begin(), bound_.end(), [](const auto& a, const auto& b) { return model::says_more(a->name, b->name); });
}

Dispatcher::~Dispatcher() = default;

Dispatcher::Bound* Dispatcher::find(std::string_view service) const {
    const auto it = std::find_if(bound_.begin(), bound_.end(), [&](const auto& bound) { return model::service_fits(bound->name, service); });
    return it == bound_.end() ? nullptr : it->get();
}

void Dispatcher::start(Inbound& inbound) {
    for (const auto& bound : bound_) bound->adapter->start(inbound);
}

// ---- slots ------------------------------------------------------------------------------------------------------------------

void Dispatcher::acquire(std::string_view service, std::function<void(Slot)> go) {
    Bound* bound = find(service);
    if (!bound) return;
    {
        const std::scoped_lock lock{bound->mutex};
        if (bound->used >= bound->limit) {
            bound->waiting.push_back(std::move(go));
            return;
        }
        ++bound->used;
    }
    go(Slot{nullptr, [this, bound](void*) { give_back(*bound); }});
}

void Dispatcher::give_back(Bound& bound) {
    std::function<void(Slot)> next;
    {
        const std::scoped_lock lock{bound.mutex};
        if (bound.waiting.empty() || bound.used > bound.limit) --bound.used;   // the second: it stops
        else {
            next = std::move(bound.waiting.front());
            bound.waiting.pop_front();
        }
    }
    if (!next) {
        const std::scoped_lock lock{mutex_};
        return ended_.notify_all();
    }
    next(Slot{nullptr, [this, &bound](void*) { give_back(bound); }});
}

// ---- calls ------------------------------------------------------------------------------------------------------------------

std::pair<Reply, ServiceCall> Dispatcher::open(ServiceCall::Content content, Bound& bound, Slot slot, std::function<void(ports::CallOutcome)> done) {
    auto active = std::make_shared<Active>();
    active->job = content.job;
    active->deadline = content.deadline;
    active->adapter = bound.adapter.get();
    active->slot = std::move(slot);
    active->done = std::move(done);
    active->service = content.service;
    content.stop = active->stop.get_token();
    auto target = std::make_shared<Reply::Target>([this, active, door = door_](ports::CallOutcome outcome) {
        door->enter([&] {
            finish(active);
            active->slot.reset();
            if (const auto answer = std::exchange(active->done, nullptr)) answer(std::move(outcome));
        });
    });
    active->target = target;
    {
        const std::scoped_lock lock{mutex_};
        active_[active->job] = active;
        active->number = ++calls_;
        deadlines_.emplace(std::pair{active->deadline, active->number}, active);
        watch(active->deadline);
    }
    return {Reply{std::move(target)}, ports::make_call(std::move(content))};
}

void Dispatcher::finish(const std::shared_ptr<Active>& active) {
    meter_.observe("kontor_call_seconds", seconds(std::chrono::steady_clock::now() - active->began), {{"service", active->service}});
    const std::scoped_lock lock{mutex_};
    deadlines_.erase({active->deadline, active->number});
    const auto it = active_.find(active->job);
    if (it != active_.end() && it->second == active) active_.erase(it);   // else the job has another attempt by now
    if (deadlines_.empty()) ended_.notify_all();
}

void Dispatcher::invoke(ServiceCall::Content content, Slot slot, std::function<void(ports::CallOutcome)> done) {
    Bound* bound = find(content.service);
    if (!bound) return done(Reply::Target::Failed{"nobody carries out service " + content.service});
    door_->enter([&] {   // closed: the adapter has stopped, and the call is left to recovery
        auto [reply, call] = open(std::move(content), *bound, std::move(slot), std::move(done));
        bound->adapter->invoke(std::move(call), std::move(reply));
    });
}

void Dispatcher::query(ServiceCall::Content content, std::function<void(ports::CallOutcome)> done) {
    Bound* bound = find(content.service);
    if (!bound) return done(Reply::Target::Unknown{"nobody carries out service " + content.service});
    door_->enter([&] {
        auto [reply, call] = open(std::move(content), *bound, {}, std::move(done));
        bound->adapter->query(std::move(call), std::move(reply));
    });
}

void Dispatcher::cancel(JobKey job) {
    std::shared_ptr<Active> active;
    {
        const std::scoped_lock lock{mutex_};
        if (const auto it = active_.find(job); it != active_.end()) active = it->second;
    }
    if (!active) return;
    active->stop.request_stop();
    active->adapter->cancel(job);
}

// ---- deadlines --------------------------------------------------------------------------------------------------------------

/// One alarm for all calls: it is set earlier when a call needs that, and looks for the next one when it rings.
void Dispatcher::watch(Instant deadline) {
    if (deadline >= rings_at_) return;
    rings_at_ = deadline;
    alarm_ = workshop_.clock().alarm(deadline, [this] { end_overdue(); });
}

void Dispatcher::end_overdue() {
    std::vector<std::shared_ptr<Active>> overdue;
    {
        const std::scoped_lock lock{mutex_};
        const Instant now = workshop_.clock().now();
        rings_at_ = Instant::max();
        for (const auto& [key, active] : deadlines_) {
            if (key.first > now) {
                watch(key.first);
                break;
            }
            overdue.push_back(active);
        }
    }
    for (const auto& active : overdue) {
        active->stop.request_stop();
        active->adapter->cancel(active->job);   // first: the answer may begin another attempt of the same job
        if (const auto target = active->target.lock()) target->answer(Reply::Target::Unknown{"no answer in time"});
    }
}

// ---- the end ----------------------------------------------------------------------------------------------------------------

std::size_t Dispatcher::under_way() const {
    const std::scoped_lock lock{mutex_};
    return deadlines_.size();
}

bool Dispatcher::is_idle() const {
    const auto is_free = [](const auto& bound) {
        const std::scoped_lock lock{bound->mutex};
        return bound->used == 0;   // a slot is taken before the attempt is recorded, which comes before the call
    };
    return under_way() == 0 && std::all_of(bound_.begin(), bound_.end(), is_free);
}

/// What a Reply keeps of a call must lead to nothing of the engine.
void Dispatcher::forget_all() {
    decltype(deadlines_) left;
    {
        const std::scoped_lock lock{mutex_};
        left.swap(deadlines_);
        active_.clear();
    }
    for (const auto& [key, active] : left) {
        active->slot.reset();
        active->done = nullptr;
    }
}

void Dispatcher::close() {
    for (const auto& bound : bound_) {
        const std::scoped_lock lock{bound->mutex};
        bound->limit = 0;   // from now on everybody waits
        bound->waiting.clear();
    }
}

std::size_t Dispatcher::stop(Duration grace) {
    const Instant until = workshop_.clock().now() + std::min(grace, longest_grace);
    close();
    if (workshop_.help([this] { return is_idle(); })) {
        const auto end = std::chrono::steady_clock::now() + std::min(grace, longest_grace);
        while (!is_idle()) {
            std::unique_lock lock{mutex_};
            if (ended_.wait_until(lock, std::min(end, std::chrono::steady_clock::now() + std::chrono::milliseconds{50})) == std::cv_status::timeout &&
                std::chrono::steady_clock::now() >= end)
                break;
        }
    }
    std::vector<std::shared_ptr<Active>> left;
    std::shared_ptr<void> alarm;
    {
        const std::scoped_lock lock{mutex_};
        alarm.swap(alarm_);
        rings_at_ = Instant::min();
        for (const auto& [key, active] : deadlines_) left.push_back(active);
    }
    door_->close();   // from now on answers are for recovery
    // Only now: whoever is told to stop says that the outcome is unknown, which recovery finds out better.
    for (const auto& active : left) active->stop.request_stop();
    forget_all();
    for (const auto& bound : bound_) bound->adapter->stop(until);
    return left.size();
}

}  // namespace kontor::runtime

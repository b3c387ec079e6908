#include "simulation/workshop.hpp"

namespace kontor::simulation {

using namespace std::chrono_literals;

std::shared_ptr<void> NodeClock::alarm(Instant when, std::function<void()> then) {
    auto ring = std::make_shared<std::function<void()>>(std::move(then));
    alarms_.emplace(when, ring);
    return ring;
}

bool NodeClock::ring() {
    while (!alarms_.empty() && alarms_.begin()->first <= now()) {
        const auto ring = alarms_.begin()->second.lock();
        alarms_.erase(alarms_.begin());
        if (!ring) continue;   // forgotten meanwhile
        (*ring)();
        return true;
    }
    return false;
}

SteppedWorkshop::SteppedWorkshop(Time& time, Presence& presence, Duration clock_is_wrong_by) : time_{time}, presence_{presence}, clock_{time} {
    for (auto& queue : work_) queue = std::make_unique<Queue>();
    clock_.set_wrong_by(clock_is_wrong_by);
}

bool SteppedWorkshop::Callbacks::step(test::Random* random) {
    if (waiting_.empty()) return false;
    const auto it = waiting_.begin() + static_cast<std::ptrdiff_t>(random ? random->below(waiting_.size()) : 0);
    const auto work = std::move(*it);
    waiting_.erase(it);
    work();
    return true;
}

namespace {
constexpr std::size_t alarms = 4;              ///< which queue rings them
constexpr std::size_t queues = 5 + SteppedWorkshop::buckets;
}  // namespace

bool SteppedWorkshop::step_alone(Queue& queue, bool& busy) {
    if (std::exchange(busy, true)) return false;
    const bool did = queue.step();
    busy = false;
    return did;
}

bool SteppedWorkshop::step_queue(std::size_t number, test::Random* random) {
    switch (number) {
        case 0: return reads_.step();
        case 1: return step_alone(commits_, committing_);
        case 2: return presence_.runs && step_alone(care_, caring_);   // while it takes its buckets the engine looks after nothing else
        case 3: return callbacks_.step(random);
        case alarms: return !presence_.gone && clock_.ring();
        default: return work_[number - alarms - 1]->step();
    }
}

bool SteppedWorkshop::step(test::Random& random) {
    const Amid amid{presence_};
    const auto first = random.below(queues);
    for (std::size_t i = 0; i < queues; ++i)
        if (step_queue((first + i) % queues, &random)) return true;
    return false;
}

bool SteppedWorkshop::help(const std::function<bool()>& done) {
    const Amid amid{presence_};
    time_.wait_until(time_.now() + 5s, [&] { return presence_.gone || done(); });
    return false;   // whoever asks must not wait in real time
}

bool SteppedWorkshop::pause(Duration length) {
    time_.wait_until(time_.now() + length, [this] { return presence_.gone || given_up_ || time_.accusation(); });
    return !presence_.gone && !given_up_ && !time_.accusation();
}

void SteppedWorkshop::close() {
    give_up();
    for (bool did = true; did;) {
        did = false;
        for (std::size_t queue = 0; queue < queues; ++queue)
            if (queue != alarms) did = step_queue(queue, nullptr) || did;
    }
}

}  // namespace kontor::simulation

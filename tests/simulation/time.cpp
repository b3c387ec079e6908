#include "simulation/time.hpp"

#include <algorithm>

namespace kontor::simulation {
namespace {

/// Far more than any day needs.
constexpr std::uint64_t most_steps = 2'000'000;
constexpr unsigned most_waiting = 5;

}  // namespace

void Time::accuse(std::string what) {
    if (!accusation_) accusation_ = std::move(what);
}

bool Time::do_what_is_planned() {
    if (agenda_.empty() || agenda_.top().when > now_) return false;
    const auto what = agenda_.top().what;
    agenda_.pop();
    what();
    return true;
}

bool Time::step(Instant until) {
    if (accusation_) return false;
    if (++steps_ > most_steps) accuse("the cluster works and works and comes to no end");
    if (random_.below(100) == 0) now_ = std::max(now_, std::min(until, now_ + Duration{random_.below(20)}));   // work takes time
    const auto choices = parties_.size() + 1;
    const auto first = random_.below(choices);
    for (std::size_t i = 0; i < choices; ++i) {
        const auto turn = (first + i) % choices;
        if (turn == parties_.size() ? do_what_is_planned() : parties_[turn]->step(random_)) return true;
    }
    Instant next = agenda_.empty() ? Instant::max() : agenda_.top().when;
    for (const Party* party : parties_) next = std::min(next, party->next());
    now_ = std::max(now_, std::min(next, until));
    return next <= until;
}

void Time::wait_until(Instant when, const std::function<bool()>& or_until) {
    ++waiting_;
    while (now_ < when && !or_until() && step(when)) {}
    --waiting_;
}

void Time::linger(unsigned steps) {
    if (waiting_ >= most_waiting) return;
    ++waiting_;
    while (steps-- > 0 && step(now_)) {}
    --waiting_;
}

}  // namespace kontor::simulation

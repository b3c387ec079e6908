#include "store/postgresql/connector.hpp"

#include "store/postgresql/refusal.hpp"
#include "store/postgresql/sqlstate.hpp"

#include <algorithm>

namespace kontor::store::postgresql {

namespace {

using namespace std::chrono_literals;

constexpr auto at_once = 1000ms;

/// Whether it will let somebody in by and by.
bool is_there_already(std::string_view state) { return state == sqlstate::cannot_connect_now || state == sqlstate::too_many_connections; }

}  // namespace

std::unique_ptr<Connection> Connector::connect(Connection::Role role) {
    require_time();
    std::string why;
    bool is_there = false;
    const auto began = SteadyClock::now();
    try {
        auto made = std::make_unique<Connection>(address_, role, busy_timeout_, known_);
        const std::lock_guard lock{mutex_};
        pause_ = 0ms;
        next_attempt_ = {};
        return made;
    } catch (const NoConnection& refused) {
        // Who was slow to answer is not asked once more.
        const std::string state = SteadyClock::now() - began > at_once ? "" : state_of_refusal(address_.connection(busy_timeout_), at_once);
        is_there = is_there_already(state) || (address_.has_several_hosts() && state.empty());
        const auto advice = advice_for(state);
        why = name() + ": no connection";
        why += advice.empty() ? "; is the server running there, and are host, port, user, password and database right?" : ": " + std::string{advice};
        why += " (" + std::string{refused.what()} + ")";
    } catch (const Failure& failure) {   // a pooler let us in, and the server behind it did not, or it went away just now
        is_there = is_there_already(failure.sqlstate());
        why = explain(name(), failure);
    }
    note_failure(why, is_there);
    refuse(why, is_there);
}

void Connector::refuse(const std::string& why, bool is_there) {
    if (is_there) throw NotReady{why};
    throw Error{Code::unavailable, why};
}

void Connector::require_time() const {
    const std::lock_guard lock{mutex_};
    if (SteadyClock::now() < next_attempt_) refuse(why_, is_there_);
}

void Connector::note_failure(const std::string& why, bool is_there) {
    const std::lock_guard lock{mutex_};
    pause_ = std::clamp(pause_ * 2, 20ms, 1000ms);
    next_attempt_ = SteadyClock::now() + pause_;
    why_ = why;
    is_there_ = is_there;
}

}  // namespace kontor::store::postgresql

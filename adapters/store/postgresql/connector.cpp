#include "store/postgresql/connector.hpp"

#include <soci/error.h>

#include <algorithm>

namespace kontor::store::postgresql {

namespace {

using namespace std::chrono_literals;

/// libpq's own words without SOCI's first line, in one line. They name host, user and database, never the password.
std::string words_of(const soci::soci_error& error) {
    std::string text = error.what();
    constexpr std::string_view heading = "Cannot establish connection to the database.";
    if (text.starts_with(heading)) text.erase(0, heading.size());
    std::ranges::replace(text, '\n', ' ');
    const auto begin = text.find_first_not_of(' ');
    return begin == text.npos ? text : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

}  // namespace

std::unique_ptr<Connection> Connector::connect(Connection::Role role) {
    require_time();
    std::string why;
    try {
        auto made = std::make_unique<Connection>(address_, role, busy_timeout_);
        const std::lock_guard lock{mutex_};
        pause_ = 0ms;
        next_attempt_ = {};
        return made;
    } catch (const soci::soci_error& error) {
        why = name() + ": no connection; is the server running there, and are host, port, user, password and database right? (" +
              words_of(error) + ")";
    } catch (const Failure& failure) {
        why = explain(name(), failure);
    }
    note_failure(why);
    throw Error{Code::unavailable, why};
}

void Connector::require_time() const {
    const std::lock_guard lock{mutex_};
    if (SteadyClock::now() < next_attempt_) throw Error{Code::unavailable, why_};
}

void Connector::note_failure(const std::string& why) {
    const std::lock_guard lock{mutex_};
    pause_ = std::clamp(pause_ * 2, 20ms, 1000ms);
    next_attempt_ = SteadyClock::now() + pause_;
    why_ = why;
}

}  // namespace kontor::store::postgresql

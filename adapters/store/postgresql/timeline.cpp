#include "store/postgresql/timeline.hpp"

#include "store/postgresql/connection.hpp"

namespace kontor::store::postgresql {

void Timeline::require_newest(std::uint32_t timeline, const std::string& name) {
    if (timeline == 0) return;
    std::uint32_t newest = newest_;
    while (timeline > newest && !newest_.compare_exchange_weak(newest, timeline)) {}
    if (timeline >= newest) return;
    throw Error{Code::unavailable, name + ": this server is at timeline " + std::to_string(timeline) +
                                       " and this process has been at one of timeline " + std::to_string(newest) +
                                       ", so another server has taken over from it; stop this one, or make it a standby"};
}

std::uint32_t timeline_of(Connection& connection) {
    try {
        // The control file would tell it only after the next checkpoint.
        const auto found = connection.texts("select case when pg_is_in_recovery() then '0' else left(pg_walfile_name(pg_current_wal_lsn()), 8) end");
        return static_cast<std::uint32_t>(std::stoul(found.at(0), nullptr, 16));
    } catch (const Failure& failure) {
        if (failure.lost()) throw;
        return 0;
    }
}

}  // namespace kontor::store::postgresql

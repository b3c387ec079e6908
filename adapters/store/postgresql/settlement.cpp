#include "store/postgresql/settlement.hpp"

#include <algorithm>

namespace kontor::store::postgresql {

std::int64_t Settlement::of(std::uint32_t bucket) const {
    const std::lock_guard lock{mutex_};
    return bucket < settled_.size() ? settled_[bucket] : 0;
}

void Settlement::set(std::uint32_t bucket, std::int64_t settled) {
    const std::lock_guard lock{mutex_};
    if (bucket >= settled_.size()) settled_.resize(bucket + 1);
    settled_[bucket] = settled;
}

void Settlement::note_lost(const Backend& backend) {
    const std::lock_guard lock{mutex_};
    lost_.push_back(backend);
}

void Settlement::end_lost(Connection& connection) {
    // Behind a pooler it may serve somebody else by now, or this connection.
    static const std::string sql = "select cast(cast(pg_terminate_backend(pid) as int) as bigint) from pg_stat_activity where pid = :pid and "
                                   "cast(extract(epoch from backend_start) * 1000000 as bigint) = :started and pid <> pg_backend_pid() and "
                                   "application_name = current_setting('application_name')";
    std::vector<Backend> lost;
    {
        const std::lock_guard lock{mutex_};
        lost = lost_;
    }
    for (const Backend& backend : lost) connection.numbers(sql, 1, {backend.pid, backend.started});
    const std::lock_guard lock{mutex_};
    std::erase_if(lost_, [&](const Backend& backend) { return std::ranges::find(lost, backend) != lost.end(); });
}

}  // namespace kontor::store::postgresql

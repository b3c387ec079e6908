#include "bench/cost.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace kontor::bench {
namespace {

double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

void Cost::take(const DatabaseUse& before, const DatabaseUse& after, double instances) {
    database_bytes = static_cast<double>(after.bytes - before.bytes) / instances;
    if (after.cpu_seconds && before.cpu_seconds) database_cpu_ms = (*after.cpu_seconds - *before.cpu_seconds) * 1000 / instances;
}

class CostMeter::Commits final : public Metrics {
public:
    void add(std::string_view, double, Labels) noexcept override {}
    void observe(std::string_view name, double, Labels) noexcept override {
        if (name == "kontor_commit_seconds") count.fetch_add(1, std::memory_order_relaxed);
    }
    std::atomic<std::uint64_t> count{0};
};

CostMeter::CostMeter(DatabaseMeter database) : database_{std::move(database)}, commits_{std::make_shared<Commits>()} {}

std::shared_ptr<Metrics> CostMeter::metrics() const { return commits_; }

void CostMeter::begin() {
    commits_before_ = commits_->count;
    if (database_) database_before_ = database_();
    cpu_before_ = cpu_seconds();
}

Cost CostMeter::of(std::uint64_t instances) const {
    const double count = static_cast<double>(std::max<std::uint64_t>(instances, 1));
    Cost cost;
    cost.cpu_ms = (cpu_seconds() - cpu_before_) * 1000 / count;
    cost.commits = commits_->count - commits_before_;
    cost.instances_per_commit = count / static_cast<double>(std::max<std::uint64_t>(cost.commits, 1));
    if (database_) cost.take(database_before_, database_(), count);
    return cost;
}

DatabaseUse use_of_this_process() {
    DatabaseUse use;
    std::ifstream io{"/proc/self/io"};
    std::string name;
    for (std::uint64_t value = 0; io >> name >> value;)
        if (name == "wchar:") use.bytes = value;
    return use;
}

}  // namespace kontor::bench

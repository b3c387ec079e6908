#include "simulation/weather.hpp"

namespace kontor::simulation {
namespace {

/// What a unit is known by: the instance that it goes on with, or the first row that it has.
std::vector<std::string> units_of(const ports::Batch& batch) {
    std::vector<std::string> units;
    for (const auto& row : batch.journal) units.push_back("instance " + row.instance.str());
    if (!units.empty()) return units;
    for (const auto& row : batch.messages) units.push_back("message " + row.key.id);
    for (const auto& [bucket, id] : batch.inbox_consumed) units.push_back("inbox row " + id);
    return units;
}

}  // namespace

Weather::Weather(std::uint64_t seed) : random_{seed} {
    const auto rate = [this](unsigned most) { return random_.chance(40) ? 0U : static_cast<unsigned>(random_.between(most / 10, most)); };
    read_failures_ = rate(300);
    slow_calls_ = rate(2'500);
    lost_signals_ = rate(5'000);
    crashes_ = rate(60);
    freezes_ = rate(60);
    commit_failures_ = rate(1'500);
    refusals_ = rate(300);
}

std::optional<Duration> Weather::node_freezes() {
    if (!happens(freezes_)) return std::nullopt;
    return Duration{random_.between(100, 90'000)};
}

/// Somebody is guilty: whatever he stands in is refused, until he has been refused alone as often as was drawn.
bool Weather::is_refused(const ports::Batch& batch) {
    const auto units = units_of(batch);
    if (units.empty()) return false;
    if (happens(refusals_)) guilty_[random_.pick(units)] = static_cast<unsigned>(random_.between(1, 3));
    for (const auto& unit : units) {
        const auto it = guilty_.find(unit);
        if (it == guilty_.end()) continue;
        if (batch.advances.size() == 1 && batch.journal.size() < 2 && --it->second == 0) guilty_.erase(it);
        return true;
    }
    return false;
}

CommitFault Weather::commit(const ports::Batch& batch) {
    if (!stormy_) return CommitFault::none;
    if (is_refused(batch)) return CommitFault::refused;
    if (!happens(commit_failures_)) return CommitFault::none;
    return random_.pick<CommitFault>({CommitFault::unavailable, CommitFault::unknown_absent, CommitFault::unknown_written});
}

}  // namespace kontor::simulation

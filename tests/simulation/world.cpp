#include "simulation/world.hpp"

#include "simulation/checks.hpp"

#include <algorithm>

namespace kontor::simulation {

using namespace std::chrono_literals;

World::World(std::uint64_t seed)
    : random_{seed},
      time_{random_.next()},
      weather_{random_.next()},
      database_{"store-" + std::to_string(seed), buckets},
      fleet_{{time_, database_,
              [this](const ServiceCall& call) {
                  const auto& process = definitions_.find(call.process())->process();
                  return model::service_call(process.find(call.element())->kind)->contract;
              },
              [this] { return anybody(); }, [this](JobKey job) { answered_.insert(job); }},
             random_.next()} {
    around_.emplace(Surroundings{time_, weather_, database_, {}, [this](Life& life) { return fleet_.connect(life); },
                                 random_.chance(20) ? random_.between(1, 5) : 10'000,
                                 random_.pick<Duration>({1s, 10s, 10s, 60s})});
    database_.memory.set_clock([this] { return time_.now(); });
    const auto size = [this] { return static_cast<unsigned>(random_.between(6, 16)); };
    deploy({.size = size(), .depth = 3, .id = "first"}, random_.fork());
    deploy({.size = size(), .depth = 2, .id = "second", .started_by = "begin"}, random_.fork());
    for (std::size_t i = 0; i < machines; ++i) {
        nodes_.push_back(std::make_unique<Node>("node-" + std::to_string(i + 1), *around_));
        time_.join(*nodes_.back());
    }
    people_.emplace(Town{time_, database_, definitions_, fleet_, [this] { return anybody(); }, {"first", "second"}, "begin"}, random_.next());
    for (int i = 0; i < 2; ++i) watchers_.emplace_back(time_, buckets, random_.next());
    if (test::Random past{~seed}; past.chance(50))
        database_.release.begin_before(time_.now() + Duration{static_cast<std::int64_t>(past.below(600'000))});
}

void World::deploy(const test::GeneratorOptions& options, test::Random shape) {
    const auto definition = std::make_shared<const model::Definition>(test::random_process(shape, options));
    const auto version = std::make_shared<const runtime::Version>(runtime::Version{options.id + ":1", 1, {}, {}, definition});
    ports::DeploymentRow row;
    row.id = version->id;
    row.process = options.id;
    row.version = 1;
    database_.memory.deploy({row});
    definitions_.add({{version}, {}, {}});
    around_->versions.push_back(version);
}

// ---- nodes ------------------------------------------------------------------------------------------------------------------

std::shared_ptr<Life> World::anybody() {
    std::vector<std::shared_ptr<Life>> all;
    for (const auto& node : nodes_)
        if (node->engine() && (weather_.stormy() || !node->is_frozen())) all.push_back(node->life());
    return all.empty() ? nullptr : random_.pick(all);
}

/// Whoever looks after the machines starts what is down, sooner or later.
void World::keep_nodes_up() {
    for (const auto& node : nodes_)
        if (!weather_.stormy() || random_.chance(50)) node->start();
}

void World::keep_watching() {
    for (Watcher& watcher : watchers_)
        if (!watcher.is_listening() || (weather_.stormy() && random_.chance(15))) {
            try {
                watcher.look_at(anybody());
            } catch (const Error&) {}   // the database is away: he tries again
        }
}

// ---- the day ----------------------------------------------------------------------------------------------------------------

void World::something_happens() {
    const auto choice = random_.below(100);
    if (choice < 75) return people_->do_something();
    Node& node = any_node();
    if (choice < 81) node.crash();
    else if (choice < 89) node.freeze(milliseconds(100, 90'000));
    else if (choice < 93) node.stop();
    else if (choice < 97) node.set_clock_wrong_by(milliseconds(0, 7'200'000) - 1h);
    else time_.jump(milliseconds(600'000, 7'200'000));
}

void World::storm() {
    people_->come();
    Duration at = 0ms;
    for (auto n = random_.between(20, 60); n > 0; --n) time_.after(at += milliseconds(0, 20'000), [this] { something_happens(); });
    for (Duration look = 0ms; look < at; look += milliseconds(1'000, 20'000))
        time_.after(look, [this] {
            keep_nodes_up();
            keep_watching();
        });
    time_.live_until(time_.now() + at);
}

/// Nothing fails any more, and whatever is waited for comes. In the end everything is cancelled: that, too, must come to an end.
void World::be_fair() {
    weather_.clear_up();
    fleet_.be_good();
    for (Watcher& watcher : watchers_) watcher.stay();
    time_.live_until(time_.now() + 90s);   // whoever is frozen thaws
    constexpr int closing = 8;
    constexpr int patience = 14;
    std::uint64_t rows_before = 0;
    for (int round = 0, idle = 0; round < 1'000 && idle < 6; ++round) {
        require_innocence();
        keep_nodes_up();
        keep_watching();
        time_.jump(round % 4 == 3 ? Duration{36h} : Duration{2min});
        time_.live_until(time_.now() + 2s);
        if (all_has_ended() && round > 2) break;
        people_->resume_all();
        if (round >= closing) people_->cancel_all();
        if (round == patience) people_->lose_patience();
        people_->work(true);
        if (round < closing) people_->publish_what_is_awaited();
        const auto rows = rows_so_far();
        idle = round > patience && rows == rows_before ? idle + 1 : 0;
        rows_before = rows;
    }
    time_.live_until(time_.now() + 2min);   // the last answers, what is swept up behind them, and the watchers
}

bool World::all_has_ended() {
    const auto rows = database_.memory.instances({.limit = 1'000});
    return people_->everybody_was_answered() && std::all_of(rows.begin(), rows.end(), [](const auto& row) {
               return row.phase == lifecycle::Instance::completed || row.phase == lifecycle::Instance::cancelled || row.phase == lifecycle::Instance::failed;
           });
}

std::uint64_t World::rows_so_far() {
    std::uint64_t rows = 0;
    for (std::uint32_t bucket = 0; bucket < buckets; ++bucket) rows += database_.memory.next_sequence(bucket) - 1;
    return rows;
}

void World::require_innocence() const {
    if (const auto& what = time_.accusation()) throw test::Violation{*what};
}

Report World::run() {
    storm();
    require_innocence();
    be_fair();
    require_innocence();
    Checks{*this}.all();
    return report_;
}

}  // namespace kontor::simulation

#pragma once
/// One day of a cluster, from one seed: nodes with the real engine on one database, services, people, messages; a stormy phase in which
/// everything fails, then a fair one in which nothing does and all must come to an end.
#include "processes/generator.hpp"
#include "simulation/people.hpp"
#include "simulation/services.hpp"
#include "simulation/watcher.hpp"

#include <map>
#include <memory>

namespace kontor::simulation {

struct Report {
    std::uint64_t rows = 0;
    std::uint64_t rows_before = 0;  ///< of these, in the shape of the release before
    std::uint64_t instances = 0;
    std::uint64_t stuck = 0;        ///< instances that a known incident keeps from ending
    std::uint64_t undone = 0;       ///< compensations that ran
    std::uint64_t messages = 0;     ///< that were given to an instance
    std::uint64_t lives = 0;        ///< of engines
    std::uint64_t ghosts = 0;       ///< calls of an engine that had lost the bucket and did not know it yet
    std::map<lifecycle::Instance, std::uint64_t> phases;   ///< how the instances ended
    std::uint64_t digest = 0;       ///< of all that the journal says: the same for the same seed
};

class World {
public:
    explicit World(std::uint64_t seed);

    /// Lives through everything and checks. Throws test::Violation.
    Report run();
    /// What each instance did: its last events.
    [[nodiscard]] std::string story(std::size_t events);
    /// What happens beside that, as it happens.
    void tell(std::function<void(Instant, const std::string&)> listener) { time_.on_note = std::move(listener); }

private:
    friend class Checks;
    static constexpr std::uint32_t buckets = SteppedWorkshop::buckets;
    static constexpr std::size_t machines = 3;

    void deploy(const test::GeneratorOptions&, test::Random shape);
    void storm();
    void be_fair();
    void something_happens();
    void keep_nodes_up();
    void keep_watching();
    Node& any_node() { return *nodes_[random_.below(nodes_.size())]; }
    /// The engine that somebody from outside happens to talk to: any that runs, whether it has the bucket or not.
    [[nodiscard]] std::shared_ptr<Life> anybody();
    [[nodiscard]] bool all_has_ended();
    [[nodiscard]] std::uint64_t rows_so_far();
    void require_innocence() const;
    Duration milliseconds(std::uint64_t low, std::uint64_t high) { return Duration{static_cast<std::int64_t>(random_.between(low, high))}; }

    test::Random random_;
    Time time_;
    Weather weather_;
    Database database_;
    runtime::Definitions definitions_;
    Fleet fleet_;
    std::optional<Surroundings> around_;      ///< of every engine
    std::vector<std::unique_ptr<Node>> nodes_;
    std::optional<People> people_;
    std::vector<Watcher> watchers_;
    std::set<JobKey> answered_;               ///< deferred calls of which somebody was told that their answer is durable
    Report report_;
};

}  // namespace kontor::simulation

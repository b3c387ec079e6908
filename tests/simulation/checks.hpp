#pragma once
/// What must hold when the day is over.
#include "simulation/world.hpp"

namespace kontor::simulation {

class Checks {
public:
    explicit Checks(World& world) : world_{world}, memory_{world.database_.memory} {}
    /// Throws test::Violation.
    void all();

private:
    void bucket(std::uint32_t);
    void instance(const ports::InstanceRow&);
    void note(const core::State& before, const core::Event&);
    void stuck(const core::State&);
    void derived_rows();
    void services();
    void messages();
    void watchers(std::uint32_t bucket, const std::vector<ports::JournalRow>&);

    World& world_;
    store::MemoryStore& memory_;
    std::map<TaskKey, unsigned> completed_tasks_;
    std::set<std::string> correlated_;
    std::set<std::string> begun_by_;                ///< messages that started an instance
    std::set<core::ElementKey> answered_;           ///< jobs of which the journal says that they took effect
    std::set<core::ElementKey> must_be_answered_;   ///< jobs that can be undone
    std::set<std::string> undone_keys_;
};

}  // namespace kontor::simulation

#pragma once
/// What must hold when all is over.
#include "simulation/world.hpp"

namespace kontor::simulation {

class Checks {
public:
    explicit Checks(World& world) : world_{world} {}
    /// Throws test::Violation.
    void all();

private:
    void bucket(std::uint32_t);
    void instance(InstanceKey, const std::vector<Row>&);
    void ended(const core::State&);
    void services();
    void starts();

    World& world_;
    std::map<core::ElementKey, unsigned> completed_tasks_;
    std::set<std::string> correlated_;
    std::set<core::ElementKey> answered_;           ///< jobs of which the journal says that they took effect
    std::set<core::ElementKey> must_be_answered_;   ///< jobs that can be undone
    std::set<std::string> undone_keys_;
};

}  // namespace kontor::simulation

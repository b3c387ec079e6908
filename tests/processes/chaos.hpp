#pragma once
/// Random commands for one instance: what could happen now, what happened already, and what never may.
#include "processes/checked.hpp"
#include "processes/random.hpp"

namespace kontor::test {

class Chaos {
    static constexpr std::size_t largest = (1u << 20) + 1;   ///< bytes: more than a value may take

public:
    explicit Chaos(Random& random) : random_{random} {}

    core::Command start();
    /// Something that the state waits for; nothing if that is nothing.
    std::optional<core::Command> fitting(const core::State&, Instant now);
    /// Any command with any key that this instance has ever had.
    core::Command unfitting(const core::State&);

private:
    core::Command for_job(const core::ElementInstance&);
    Value answer();
    core::Actor somebody();
    template <class AnyKey>
    AnyKey old_key(const core::State&);

    Random& random_;
};

}  // namespace kontor::test

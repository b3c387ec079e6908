#pragma once
/// Random processes that are valid: block-structured, so that they can end, with everything that the core knows in them.
#include "processes/builder.hpp"
#include "processes/random.hpp"

namespace kontor::test {

struct GeneratorOptions {
    unsigned size = 14;              ///< about how many blocks
    unsigned depth = 3;              ///< of nesting
    bool long_loops = false;         ///< some loops are so long that a decide has to be continued
    bool gaps = true;                ///< some gateways have no default: an incident when no condition is true
    std::string id = "process";
    std::string started_by{};        ///< a message that starts it, too; its `key` becomes the variable
};

/// Services answer with `a` (boolean) and `n` (number); messages carry the same. Messages are correlated by the variable `key`.
/// Error codes are E1, E2 and EXHAUSTED. User tasks want alice or bob, some of them another one than before.
model::Definition random_process(Random&, const GeneratorOptions& = {});

}  // namespace kontor::test

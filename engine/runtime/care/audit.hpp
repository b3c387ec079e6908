#pragma once
/// The hash chains of a store: whether anybody changed, removed or moved what was written.
#include "ports/store.hpp"

#include <functional>

namespace kontor::runtime {

/// How far a long reading is: rows that were read, of about how many.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

struct BrokenChain {
    InstanceKey instance{};
    std::optional<core::Position> at{};   ///< the first row that does not fit
    std::string what{};
};
struct Audit {
    std::uint64_t instances = 0;
    std::uint64_t rows = 0;
    std::uint64_t dropped = 0;            ///< whose journal retention took: nothing is left to verify
    std::vector<BrokenChain> broken{};
};

/// Verifies every chain from its first row to the head that the instance row keeps. Blocks; may be asked beside an owner that writes.
Audit verify_chains(ports::Store&, const Progress& progress = {});

/// How many journal rows a store holds, by its instances.
std::uint64_t rows_written(ports::Store&);

}  // namespace kontor::runtime

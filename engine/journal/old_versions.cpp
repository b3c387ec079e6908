#include "journal/upgrade.hpp"

#include <array>

namespace kontor::journal {
namespace {

// Old structs stand here, each with its upgraded().

constexpr std::array<Decoder, 0> table{
    // old_version<JobCreatedV1>(),
};

}  // namespace

std::span<const Decoder> old_versions() noexcept { return table; }

}  // namespace kontor::journal

// Weak: core's own takes its place wherever all of core is linked. Here it keeps the journal's tests from needing decide().
#include "core/event.hpp"

#include <array>

namespace kontor::core {

__attribute__((weak)) std::string_view to_string(IncidentKind kind) noexcept {
    constexpr std::array<std::string_view, 10> names{"expression", "job-exhausted", "job-permanent", "outcome-unknown", "unhandled-error",
                                                     "no-flow", "deadlock", "step-budget", "decision", "too-large"};
    const auto place = static_cast<std::size_t>(kind);
    return place < names.size() ? names[place] : "unknown";
}

}  // namespace kontor::core

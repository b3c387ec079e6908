#pragma once
/// The list of steps that can be undone. A completed subprocess stands in it as one entry that holds those of its inside.
#include "core/state.hpp"

namespace kontor::core {

Compensable* find_compensable(std::vector<Compensable>& entries, ElementKey instance);
/// Takes an entry out, and the subprocess around it if that was its last.
void erase_compensable(std::vector<Compensable>& entries, ElementKey instance);
/// The newest step that the compensation covers and that has yet to be undone; null if none.
const Compensable* newest_covered(const std::vector<Compensable>& entries, const Compensation& run);
/// Whether a handler of one of the entries is running.
bool is_compensating(const std::vector<Compensable>& entries);

}  // namespace kontor::core

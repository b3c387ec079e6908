#include "core/compensables.hpp"

#include <algorithm>

namespace kontor::core {

Compensable* find_compensable(std::vector<Compensable>& entries, ElementKey instance) {
    for (Compensable& entry : entries) {
        if (entry.instance == instance) return &entry;
        if (Compensable* inside = find_compensable(entry.nested, instance)) return inside;
    }
    return nullptr;
}

void erase_compensable(std::vector<Compensable>& entries, ElementKey instance) {
    for (auto it = entries.begin(); it != entries.end(); ++it) {
        if (it->instance == instance) {
            entries.erase(it);
            return;
        }
        if (!find_compensable(it->nested, instance)) continue;
        erase_compensable(it->nested, instance);
        if (it->nested.empty()) entries.erase(it);
        return;
    }
}

namespace {
const Compensable& newest_step(const Compensable& entry) {
    return entry.nested.empty() ? entry : newest_step(entry.nested.back());
}
bool covers(const Compensation& run, const Compensable& entry) {
    if (run.only) return entry.instance == run.only;
    return !run.activity || entry.activity == *run.activity;
}
}  // namespace

const Compensable* newest_covered(const std::vector<Compensable>& entries, const Compensation& run) {
    const auto it = std::find_if(entries.rbegin(), entries.rend(), [&](const Compensable& entry) { return covers(run, entry); });
    return it == entries.rend() ? nullptr : &newest_step(*it);
}

bool is_compensating(const std::vector<Compensable>& entries) {
    return std::any_of(entries.begin(), entries.end(),
                       [](const Compensable& entry) { return entry.handler || is_compensating(entry.nested); });
}

}  // namespace kontor::core

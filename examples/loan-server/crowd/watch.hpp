#pragma once
/// Waiting until every application has ended.
#include "crowd/server.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace loan {

struct Instance {
    std::string key{};
    std::string state{};              ///< `running`, `completed`, ...
    std::string started{}, changed{};
    [[nodiscard]] bool has_ended() const { return state == "completed" || state == "cancelled" || state == "failed"; }
};
struct Incident {
    std::string instance{};
    std::string text{};
};
struct Picture {
    std::map<std::string, std::vector<Instance>> instances{};   ///< by business key, the crowd's alone
    std::vector<Incident> incidents{};
    int ended = 0;                                              ///< business keys whose instances have all ended
    int stuck = 0;                                              ///< business keys with an incident
};

/// What the server has of the applications 1 to `applicants`.
Picture look(Server& server, int applicants);

/// Returns when all have ended, when those that have not are stuck in incidents, or after `patience` without progress.
Picture wait_for_ends(Server& server, int applicants, std::chrono::seconds patience, const std::function<void(const Picture&)>& on_look);

}  // namespace loan

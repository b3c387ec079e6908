#pragma once
/// The people of the bank, as programs: the two of consumer-credit.mock.yaml.
#include "crowd/applications.hpp"
#include "crowd/server.hpp"

#include <string>

namespace loan {

struct Clerk {
    std::string name{};
    std::string group{};
    double approves_from = 0;         ///< points
};
inline const Clerk anna{"anna", "commercial", 42};
inline const Clerk bruno{"bruno", "risk", 48};   // stricter: what comes to him is large or long

/// Decides what comes to the clerk's group from our applications, until it is stopped. What others applied for is theirs to decide.
void work(const Clerk& clerk, Server& server, const Applications& applications);

}  // namespace loan

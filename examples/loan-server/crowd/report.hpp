#pragma once
/// What became of the applications, and whether it is what was promised: every one at its end, none twice, no incident.
#include "crowd/watch.hpp"

#include <array>
#include <ostream>
#include <set>

namespace loan {

struct ServiceCount {
    long calls = 0, failed = 0, keys = 0, steps = 0;
};

struct Report {
    int applicants = 0;
    int ended = 0;
    double seconds = 0;                                               ///< from the first application to the last end
    std::map<std::string, std::map<std::string, int>> decided{};      ///< verdict, by whom
    std::map<std::string, std::map<std::string, int>> repaid{};       ///< what became of the loan, verdict
    std::vector<double> durations{};                                  ///< seconds from application to end, in order
    std::map<std::string, ServiceCount> services{};
    std::vector<std::string> problems{};                              ///< empty: all is well

    [[nodiscard]] bool is_good() const { return problems.empty(); }
};

/// Asks the server for the variables of all instances, and its services for what they have counted.
Report report_on(const Picture& picture, int applicants, Server& server);

void print(std::ostream& out, const Report& report);
void print_json(std::ostream& out, const Report& report);

}  // namespace loan

#pragma once
/// Which elements and sequence flows of processes have been reached, over many runs.
#include "core/event.hpp"
#include "model/process.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace kontor::sandbox {

struct CoverageOfProcess {
    std::string process;
    std::size_t elements = 0, elements_reached = 0;
    std::size_t flows = 0, flows_reached = 0;
    std::vector<std::string> missed_elements;
    std::vector<std::string> missed_flows;    ///< as `source -> target`
};

class Coverage {
public:
    /// Counts a process in even if nothing reaches it.
    void add(const std::shared_ptr<const model::Definition>&);
    void follow(const core::Record&, const model::Definition&);
    /// By process id. What a reader implied, and the process itself, count neither as reached nor as missed.
    [[nodiscard]] std::vector<CoverageOfProcess> report() const;

private:
    struct Reached {
        std::shared_ptr<const model::Definition> definition;
        std::set<model::ElementIndex> elements;
        std::set<model::FlowIndex> flows;
    };
    std::map<std::string, Reached, std::less<>> processes_;
};

}  // namespace kontor::sandbox

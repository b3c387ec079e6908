#pragma once
/// The rules behind check(), one function per family. Private to this folder.
#include "model/process.hpp"
#include "value/wording.hpp"

namespace kontor::model {

/// Collects findings about one process.
class Findings {
public:
    explicit Findings(const Process& process) : process_{process} {}
    void error(Position at, std::string rule, std::string message, std::string hint = {}) {
        add(Severity::error, at, std::move(rule), std::move(message), std::move(hint));
    }
    void warning(Position at, std::string rule, std::string message, std::string hint = {}) {
        add(Severity::warning, at, std::move(rule), std::move(message), std::move(hint));
    }
    std::vector<Problem> take() { return std::move(problems_); }

private:
    void add(Severity, Position, std::string rule, std::string message, std::string hint);
    const Process& process_;
    std::vector<Problem> problems_;
};

void check_ids(const Process&, Findings&);
void check_start_events(const Process&, Findings&);
void check_flows(const Process&, Findings&);
void check_gateways(const Process&, Findings&);
void check_events(const Process&, Findings&);
void check_reachable(const Process&, Findings&);
void check_compensation(const Process&, Findings&);

/// Whether the element, or one inside it, has a compensation handler.
bool is_compensable(const Process&, const Element&);

}  // namespace kontor::model

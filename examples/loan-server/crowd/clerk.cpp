#include "crowd/clerk.hpp"

#include <vector>

namespace loan {
namespace {

using namespace std::chrono_literals;

/// Somebody else may have been faster; then there is nothing left to do.
bool is_over(int status) { return status == 404 || status == 409; }

Object decision_of(const Clerk& clerk, const Object& input) {
    const bool approves = number_of(input, "points", -1) >= clerk.approves_from;   // no points, no approval
    Object decision;
    decision.set("decision", approves ? "approve" : "refuse");
    decision.set("comment", approves ? "the points are enough" : "fewer than " + std::to_string(static_cast<int>(clerk.approves_from)) + " points");
    return decision;
}

void decide(const Clerk& clerk, Server& server, const std::string& task) {
    const Reply input = server.ask("GET", "/v2/user-tasks/" + task + "/variables");
    if (is_over(input.status)) return;
    Object body;
    body.set("variables", decision_of(clerk, *read_object(input.body)));
    const Reply done = server.ask("POST", "/v2/user-tasks/" + task + "/completion", body,
                                  {{"Kontor-Actor", clerk.name + ':' + clerk.group}, {"Idempotency-Key", clerk.name + '-' + task}});
    if (done.status / 100 != 2 && !is_over(done.status))
        throw std::runtime_error{clerk.name + " may not complete task " + task + ": " + std::to_string(done.status) + ' ' + done.body};
}

}  // namespace

void work(const Clerk& clerk, Server& server, const Applications& applications) {
    Object filter;
    filter.set("candidateGroup", clerk.group);
    for (;; server.pause(100ms)) {
        std::vector<std::string> tasks;
        server.search("/v2/user-tasks/search", filter, [&](const Object& task) {
            if (applications.is_ours(text_of(task, "processInstanceKey"))) tasks.push_back(text_of(task, "userTaskKey"));
        });
        for (const auto& task : tasks) decide(clerk, server, task);
    }
}

}  // namespace loan

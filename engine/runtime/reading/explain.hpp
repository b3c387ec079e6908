#pragma once
/// Why an instance is where it is: what each of its places waits for, since when, until when, and who can help.
#include "runtime/reading/reader.hpp"

namespace kontor::runtime {

/// One thing that an instance waits for. What does not apply is empty.
struct Waiting {
    enum class For {
        service,      ///< a call is to be made, or is under way
        answer,       ///< a service will answer later
        retry,        ///< the next attempt of a call
        query,        ///< a service is asked what became of a call
        person,       ///< a user task
        message,
        time,         ///< a timer
        branches,     ///< a join: tokens of other branches
        incident,     ///< somebody has to help
    };
    For what{};
    std::string element{};            ///< id
    std::string beside{};             ///< of an event that only watches: the element that it watches
    std::optional<Instant> since{};
    std::optional<Instant> until{};   ///< when it is due, or goes on by itself
    std::string service{};
    int attempt = 0;                  ///< the one that runs or comes next
    int attempts = 0;                 ///< how often the retry policy lets it fail
    int failures = 0;
    std::string message{};            ///< its name
    std::string correlation_key{};
    std::uint64_t key = 0;            ///< of the job, user task or incident
    std::string assignee{};
    std::vector<std::string> candidate_groups{};
    std::vector<std::string> candidate_users{};
    std::string kind{};               ///< of the incident
    std::string text{};               ///< of the incident, or of the last failure
    std::string mend{};               ///< what probably helps
};
std::string_view to_string(Waiting::For) noexcept;

/// The oldest first; nothing if it has ended. Blocks: reads the instance's whole journal. Throws Error{not_found}.
std::vector<Waiting> explain(const Reader&, InstanceKey);

}  // namespace kontor::runtime

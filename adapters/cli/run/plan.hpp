#pragma once
/// What `kontor run` is to do, and doing it once: a process, its world, how far it came.
#include "cli/definitions.hpp"
#include "sandbox/mock_world.hpp"
#include "sandbox/sandbox.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kontor::cli::run {

struct Plan {
    Definitions definitions;                      ///< all of the file
    std::shared_ptr<const model::Definition> main;
    std::vector<std::string> with;                ///< started before
    Variables variables;                          ///< of `--vars`, over those of the mock file
    yaml::Mocks mocks;
    std::vector<sandbox::PublishedMessage> messages;
    Instant start;
    bool real_time = false;
    bool unmasked = false;                        ///< sensitive values are shown
};

enum class Status { completed, waiting, incident, failed, cancelled };
std::string_view to_string(Status) noexcept;

struct Ending {
    Status status = Status::waiting;
    std::string end_event;                        ///< empty: none was reached
    std::vector<std::string> waits_at;            ///< elements, if it has not ended
    std::vector<std::string> reasons;             ///< why it waits, is stopped or failed
    std::vector<std::string> warnings;            ///< expressions of the mock file that gave null for a reason: `LINE:COLUMN: ...`
    Variables variables;                          ///< of the process
    InstanceKey instance;
    Duration lasted{};                            ///< virtual time
};

/// A run stops with Status::waiting after this many commands that nobody gave: a timer that repeats for ever would not end otherwise.
inline constexpr std::size_t commands_per_run = 100'000;

/// Called for every record as it happens.
using Watcher = std::function<void(const core::Record&, const model::Definition&)>;

/// Plays the plan until nothing more can happen. Throws Error if the process refuses to start, UsageError if only a message starts it
/// and none was published.
Ending play(const Plan&, const Watcher& = {});

}  // namespace kontor::cli::run

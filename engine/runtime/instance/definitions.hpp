#pragma once
/// What is deployed: every version that an instance may still run, and the latest of each process.
#include "model/process.hpp"
#include "ports/rows.hpp"

#include <kontor/engine.hpp>

#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kontor::runtime {

/// An executable version. Immutable.
struct Version {
    std::string id;               ///< as events name it
    int number = 1;
    std::string tag;
    std::string hash;             ///< of its sources
    std::shared_ptr<const model::Definition> definition;
    [[nodiscard]] const model::Process& process() const noexcept { return definition->process; }
};
using VersionRef = std::shared_ptr<const Version>;

/// What a deployment would add.
struct Deployment {
    std::vector<VersionRef> versions;           ///< the new ones
    std::vector<ports::DeploymentRow> rows;     ///< of those; the time is still to be filled in
    std::vector<Deployed> report;
};

/// Thread-safe.
class Definitions {
public:
    /// Reads what the store holds and is not known yet. Throws Error{invalid_definition} if a stored source can no longer be read.
    void load(const std::vector<ports::DeploymentRow>&);
    /// Reads and links the sources; changes nothing yet. `is_bound` says whether somebody carries out a service. Throws
    /// Error{invalid_definition} with all problems.
    [[nodiscard]] Deployment prepare(const std::vector<Source>&, const std::function<bool(std::string_view service)>& is_bound) const;
    void add(const Deployment&);

    [[nodiscard]] std::size_t count() const;
    /// Null if there is none.
    [[nodiscard]] VersionRef by_id(std::string_view id) const;
    /// The latest version of a process, of those with the tag unless that is empty; `number` 0 is any. Null if there is none.
    [[nodiscard]] VersionRef find(std::string_view process, int number = 0, std::string_view tag = {}) const;
    /// The latest versions whose message start event takes this message, with that event.
    [[nodiscard]] std::vector<std::pair<VersionRef, model::ElementIndex>> started_by(std::string_view message) const;
    /// How long a process wants an early message of that name kept, if one does.
    [[nodiscard]] std::optional<Duration> time_to_live(std::string_view message) const;

private:
    void insert(VersionRef);

    mutable std::shared_mutex mutex_;
    std::map<std::string, VersionRef, std::less<>> by_id_;
    std::map<std::string, std::map<int, VersionRef>, std::less<>> by_process_;
};

}  // namespace kontor::runtime

#pragma once
/// What the instances of a sandbox have done so far, in the words of expectations.
#include "core/event.hpp"
#include "model/process.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace kontor::sandbox {

/// To be fed with every record, in order. Definitions must outlive it.
class Trail {
public:
    void follow(const core::Record&, const model::Definition&);

    /// The elements that completed, in that order, without the process itself.
    [[nodiscard]] const std::vector<const model::Element*>& completed() const noexcept { return completed_; }
    /// Whether an element of that id was activated.
    [[nodiscard]] bool entered(std::string_view id) const { return entered_.contains(id); }
    /// The activities that were undone, in the order in which that was done.
    [[nodiscard]] const std::vector<std::string>& compensated() const noexcept { return compensated_; }
    /// The instance that started last; none if there is none.
    [[nodiscard]] InstanceKey newest() const noexcept { return newest_; }

private:
    struct Activation {
        const model::Element* element = nullptr;
        bool compensates = false;
    };
    std::map<core::ElementKey, Activation> activations_;
    std::vector<const model::Element*> completed_;
    std::set<std::string, std::less<>> entered_;
    std::vector<std::string> compensated_;
    InstanceKey newest_;
};

/// The path as `path:` of a test compares it: gateways, start events, event subprocesses, compensation
/// handlers and what a reader implied count only if `wanted` names them.
std::vector<std::string> path_of(const Trail&, const std::vector<std::string>& wanted);

/// Whether the path is the wanted one; `...` stands for any number of elements, also none.
bool matches(const std::vector<std::string>& wanted, const std::vector<std::string>& path);

}  // namespace kontor::sandbox

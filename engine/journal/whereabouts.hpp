#pragma once
/// Which element the keys of an instance belong to, learned from its events: most of them carry a key and nothing else.
#include "core/state.hpp"
#include "model/process.hpp"

#include <map>
#include <optional>

namespace kontor::journal {

/// Of one instance. Not for several threads at once.
class Whereabouts {
public:
    struct Place {
        core::ElementIndex element{};
        core::ElementKey scope;     ///< none for the process itself
    };

    /// Knows nothing: for an instance whose events are given from the first on.
    Whereabouts() = default;
    /// Knows the state before the next event.
    explicit Whereabouts(const core::State&);

    /// Where the event happens; nothing if it is about the instance as a whole. Events must come in order, each once.
    std::optional<Place> follow(const model::Process&, const core::Event&);

private:
    template <class E>
    std::optional<Place> place_of(const model::Process&, const E&);
    [[nodiscard]] std::optional<Place> find(core::ElementKey) const;

    std::map<core::ElementKey, Place> places_;
    std::map<core::WaitKey, Place> waits_;
    std::map<IncidentKey, core::ElementKey> incidents_;
};

}  // namespace kontor::journal

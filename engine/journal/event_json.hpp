#pragma once
/// Events as JSON, one a line, as `run --json`, the history and subscribers show them:
///
///     {"position":"3:17","at":"2026-03-01T09:30:00.000Z","event":"elementActivated","instance":"...","process":"home-loan",
///      "element":"check-credit","elementType":"serviceTask","scope":"...", the event's own fields in camelCase}
///
/// All events of a row have its position. `element`, `elementType` and `scope` stand where the event is about an element: also for events
/// that carry a key only. Keys are strings, elements and flows their ids. A field that is empty (no key, no text, no items, null) is
/// left out; numbers and booleans are always there. What is sensitive is masked: see masking.hpp.
#include "journal/masking.hpp"
#include "journal/whereabouts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kontor::journal {

enum class Show { masked, everything };

/// Of one process. Immutable: any thread may write. Borrows the process.
class EventJson {
public:
    explicit EventJson(const model::Process& process, Show show = Show::masked)
        : process_{process}, masking_{process}, show_{masking_.any() ? show : Show::everything} {}

    /// What a line is about.
    struct About {
        std::string_view type;
        std::string_view element;    ///< its id; empty if the event is about none. Lives as long as the process.
    };

    /// Appends a line with its line break for each event of the row. `where` is the instance's own and follows its events.
    void write(const core::Record&, Whereabouts& where, std::string& out, std::vector<About>* about = nullptr) const;

private:
    const model::Process& process_;
    Masking masking_;
    Show show_;
};

}  // namespace kontor::journal

#pragma once
/// A run as a path that a person can follow: a line for each thing that somebody would tell of it.
#include "cli/console.hpp"
#include "cli/run/plan.hpp"
#include "journal/masking.hpp"
#include "journal/whereabouts.hpp"

#include <map>
#include <memory>

namespace kontor::cli::run {

/// Writes as it is fed. What begins and ends at the same moment is one line; what takes time gets a line when it begins, too.
class Story {
public:
    Story(const Plan& plan, const Output& out) : plan_{plan}, out_{out} {}

    void follow(const core::Record&, const model::Definition&);
    void end(const Ending&);
    /// What has begun and is not over yet.
    void tell_open();

private:
    struct Chapter;   // one instance
    struct Telling;   // one event
    struct Begun {
        InstanceKey instance;
        std::string name;
        std::string text;
    };

    void tell_begun(Instant now);
    void line(InstanceKey, const std::string& name, const std::string& text, Style = Style::plain);

    const Plan& plan_;
    const Output& out_;
    std::map<InstanceKey, std::shared_ptr<Chapter>> chapters_;
    std::map<core::ElementKey, Begun> begun_;   ///< and not told yet
    Instant now_{};
    std::string day_;
};

/// The value as FEEL writes it; a masked one without quotes.
std::string shown(const Value&);
/// `2 days 3 h`, `14 min 20 s`, `0 s`
std::string spoken(Duration);

}  // namespace kontor::cli::run

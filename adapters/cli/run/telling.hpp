#pragma once
/// What is to be told of an event, in a few words; private to the story.
#include "cli/run/story.hpp"

namespace kontor::cli::run {

struct Told {
    std::string name{};                 ///< of the element
    std::string text{};                 ///< empty: nothing
    std::string more{};                 ///< instead of the text, if something has begun there already
    Style style = Style::plain;
    core::ElementKey begins{};          ///< the text says what begins: told only if it takes time
    core::ElementKey finishes{};        ///< what has begun there is over
};

/// One instance: remembers what its events only point at.
struct Story::Chapter {
    Chapter(const model::Definition& definition, bool unmasked)
        : definition_{definition}, masking_{definition.process}, unmasked_{unmasked} {}

    Told tell(const core::Event&);
    const model::Definition& definition() const { return definition_; }

private:
    friend Telling;
    const model::Definition& definition_;
    journal::Masking masking_;
    bool unmasked_;
    journal::Whereabouts where_;
    std::map<core::ElementKey, core::ElementIndex> elements_;
    std::map<core::WaitKey, std::string> awaited_;            ///< what a wait is for
};

}  // namespace kontor::cli::run

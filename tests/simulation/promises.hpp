#pragma once
/// What callers were told. Each thing that somebody asks for bears a tag which the journal keeps, so that at the end of the day it can be
/// seen whether it happened: yes means once, no means never, and silence means at most once.
#include "processes/checked.hpp"

#include <kontor/result.hpp>

#include <map>
#include <string>

namespace kontor::simulation {

class Promises {
public:
    /// A tag for something new: `what` and a number.
    std::string tag(const std::string& what) { return what + "-" + std::to_string(++tags_); }
    void asked(const std::string& tag) { ++told_[tag].asked; }
    template <class T>
    void told(const std::string& tag, const Result<T>& answer) {
        if (answer) ++told_[tag].yes;
        else if (answer.error().code() != Code::outcome_unknown) ++told_[tag].no;
    }

    /// The journal says that it happened.
    void happened(const std::string& tag) {
        if (!tag.empty()) ++told_[tag].happened;   // else nobody asked: the engine did it by itself
    }
    /// Throws Violation.
    void check() const {
        for (const auto& [tag, t] : told_) {
            if (t.happened > 1) throw test::Violation{tag + " happened " + std::to_string(t.happened) + " times"};
            if (t.yes > 0 && t.happened == 0) throw test::Violation{tag + ": somebody was told that it happened, and the journal knows nothing of it"};
            if (t.asked > 0 && t.asked == t.no && t.happened > 0) throw test::Violation{tag + ": everybody was told that it did not happen, and it did"};
        }
    }

private:
    struct Told {
        unsigned asked = 0;
        unsigned yes = 0;
        unsigned no = 0;
        unsigned happened = 0;
    };
    unsigned tags_ = 0;
    std::map<std::string, Told> told_;
};

}  // namespace kontor::simulation

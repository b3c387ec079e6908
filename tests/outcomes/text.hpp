#pragma once
/// What an adapter made of a call, as a text to compare.
#include "ports/service.hpp"
#include "value/json.hpp"

#include <string>
#include <variant>

namespace kontor::test {

/// `done {"score":700}`, `failed ...`, `unknown ...`, ...
inline std::string to_text(const ports::CallOutcome& outcome) {
    struct Text {
        std::string operator()(const Reply::Target::Done& done) const { return "done " + json::write(Value{done.result}); }
        std::string operator()(const Later& later) const { return "deferred " + std::to_string(later.within.count()); }
        std::string operator()(const BusinessError& error) const {
            return "business " + error.code + " " + error.message + " " + json::write(Value{error.variables});
        }
        std::string operator()(const Reply::Target::Failed& failed) const { return "failed " + failed.message; }
        std::string operator()(const RetryLater& later) const { return "later " + std::to_string(later.after.count()) + " " + later.message; }
        std::string operator()(const Permanent& permanent) const { return "permanent " + permanent.message; }
        std::string operator()(const Reply::Target::Unknown& unknown) const { return "unknown " + unknown.why; }
        std::string operator()(const Reply::Target::NeverHappened&) const { return "never happened"; }
    };
    return std::visit(Text{}, outcome);
}

}  // namespace kontor::test

#pragma once
/// What options say: who, how many, how long, which key.
#include "cli/command.hpp"

#include <kontor/error.hpp>
#include <kontor/instance.hpp>

namespace kontor::cli {

/// The operand or option as a key. Throws UsageError.
template <class K>
K read_key(const std::string& text) {
    try {
        return K::parse(text);
    } catch (const Error& error) {
        throw UsageError{error.what(), "keys are numbers, as `kontor list`, `tasks` and `incidents` print them"};
    }
}
constexpr Option by_option(std::string_view help = "who does it") {
    return {"by", "USER[:GROUP,...]", help, false, "--by alice, or --by alice:commercial,risk with groups"};
}
constexpr Option reason_option(std::string_view example) { return {"reason", "TEXT", "why, for the history", false, example}; }

/// `alice` or `alice:commercial,risk` of a command with the by_option(). Throws UsageError if it names nobody.
Actor read_actor(const Arguments&);
/// The option, or `otherwise`. Throws UsageError unless it is from 1 to `most`.
int read_number(const Arguments&, std::string_view option, int otherwise, int most);
/// An option such as `PT20S`.
Duration read_duration(const Arguments&, std::string_view option, Duration otherwise);

}  // namespace kontor::cli

#pragma once
/// What options say: who, how many, how long, which key.
#include "cli/arguments.hpp"
#include "cli/failure.hpp"

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
/// `alice` or `alice:commercial,risk` of `--by`. Throws UsageError if it is missing or empty.
Actor read_actor(const Arguments&);
/// The option, or `otherwise`. Throws UsageError unless it is from 1 to `most`.
int read_number(const Arguments&, std::string_view option, int otherwise, int most);
/// An option such as `PT20S`.
Duration read_duration(const Arguments&, std::string_view option, Duration otherwise);
/// A value of an option that must be there. Throws UsageError with the example.
const std::string& required(const Arguments&, std::string_view option, std::string_view example);

}  // namespace kontor::cli

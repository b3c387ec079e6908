#pragma once
/// What a store tells, in words for people and as JSON for machines.
#include "cli/arguments.hpp"
#include "cli/console.hpp"
#include "cli/failure.hpp"
#include "runtime/explain.hpp"

#include <kontor/error.hpp>
#include <kontor/instance.hpp>

namespace kontor::cli {

/// `2026-03-01 09:30:00`, in UTC.
std::string moment(Instant);
Style style_of(State) noexcept;

/// `home-loan 4096 (L-42), version 1: running`
void print_heading(const Output&, const InstanceInfo&);
/// A line for each, and one for the likely mend of an incident.
void print_waits(const Output&, const std::vector<runtime::Waiting>&);
/// What it waits for in a few words: `message offer-answered (key L-42)`.
std::string words_for(const runtime::Waiting&);

Value to_values(const std::vector<runtime::Waiting>&);
Variables to_variables(const InstanceInfo&);
Variables to_variables(const TaskInfo&);
Variables to_variables(const IncidentInfo&);

// ---- reading options --------------------------------------------------------------------------------------------------------

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

/// Where a list goes on: a line for people.
void print_next(const Output&, const std::optional<Cursor>& next);
template <class Info>
Variables page_of(std::string_view name, const Page<Info>& page) {
    std::vector<Value> items;
    for (const auto& item : page.items) items.emplace_back(to_variables(item));
    Variables all;
    all.set(name, std::move(items));
    all.set("next", page.next ? Value{page.next->text} : Value{});
    return all;
}

}  // namespace kontor::cli

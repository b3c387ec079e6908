#pragma once
/// What a store tells, in words for people and as JSON for machines.
#include "cli/console.hpp"
#include "runtime/reading/explain.hpp"

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

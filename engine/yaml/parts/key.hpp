#pragma once
/// The keys of a mapping as tables: the reader, the JSON Schema and the reference page all come from them, so they cannot drift.
#include <cstdint>
#include <span>
#include <string_view>

namespace kontor::yaml {

/// What may stand behind a key. schema.cpp says each in JSON Schema.
enum class Shape : std::uint8_t {
    anything,
    text,
    texts,            ///< a text or a list of texts
    id,
    ids,              ///< an id or a list of ids
    flag,             ///< true or false
    yes,              ///< true, the only value
    count,            ///< an integer from 1
    times,            ///< an integer from 0
    format,           ///< the number of the file format: 1
    duration,
    timer,
    due,
    expression,
    condition,
    assignee,
    values,           ///< names with values or expressions
    output,           ///< a variable, or variables with expressions
    retry,
    next,
    error_codes,
    compensate,
    on_interrupt,
    hit_policy,
    flow,
    paths,
    branches,
    event_branches,
    boundary_events,
    event_subprocesses,
    compensation,
    variables,
    form,
    type_ref,
    types,            ///< files, or definitions
    type_definitions,
    type_fields,
    services,
    messages,
    names,            ///< a list of names
    defaults,
    processes,
    inputs,
    outputs,
    table,
    mocks,
    mock_services,
    mock_answer,
    mock_query,
    lost,             ///< true, or a number of calls
    took_effect,      ///< true, false or unknown
    mock_tasks,
    cases,
    steps,
    expect,
    path,
    incident_kind,
    calls,
    instant
};

struct Key {
    /// `not_yet`: BPMN has it, this version does not run it, and the reader says so.
    enum class Presence : std::uint8_t { optional, required, not_yet };

    std::string_view name;
    Shape shape = Shape::anything;
    std::string_view doc;
    Presence presence = Presence::optional;
};
using Keys = std::span<const Key>;

inline constexpr auto required = Key::Presence::required;
inline constexpr auto not_yet = Key::Presence::not_yet;

}  // namespace kontor::yaml

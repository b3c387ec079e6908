#pragma once
/// For messages of tests, and the parts of Checked that look at one element instance.
#include "processes/checked.hpp"

#include "core/agenda.hpp"

#include <algorithm>

namespace kontor::test {

/// Applies a row as apply() does, and shows each event with the state before it.
template <class Show>
void begin_replay(const model::Process& process, core::State& state, const core::Record& record, Show&& show) {
    core::begin_row(state, record.at);
    for (const core::Event& event : record.events) {
        show(event);
        core::apply(process, state, event, record.at);
    }
    core::end_row(state);
}

/// The parts in which two states differ.
std::string difference(const core::State& live, const core::State& replayed);

/// Throws Violation if the element instance waits for nothing at all although its process rests.
void check_alive(const model::Process&, const core::State&, const core::ElementInstance&);

}  // namespace kontor::test

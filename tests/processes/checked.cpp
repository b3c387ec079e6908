#include "processes/checked.hpp"

#include "journal/encoding.hpp"
#include "journal/snapshot.hpp"
#include "processes/describe.hpp"
#include "processes/undone.hpp"

namespace kontor::test {

using namespace core;

Checked::Checked(model::Definition definition, std::uint32_t bucket)
    : definition_{std::move(definition)}, next_{bucket, 1}, undone_{std::make_shared<Undone>(definition_.process)} {}

std::string Checked::story(std::size_t events) const {
    std::string text;
    for (std::size_t i = lines_.size() > events ? lines_.size() - events : 0; i < lines_.size(); ++i) text += lines_[i] + "\n";
    return text;
}

void Checked::fail(const std::string& what, const Command& command) const {
    throw Violation{what + "\n  at command " + name_of(command) + " in row " + std::to_string(next_.sequence) + "; before it:\n" + story()};
}

Decision Checked::send(const Command& command, Instant at) {
    const State before = live_;
    Decision decision = [&] {
        try {
            return decide(definition_, live_, command, {next_, at, "test"});
        } catch (const std::exception& error) {
            fail(std::string{"decide threw: "} + error.what(), command);
        }
    }();
    if (decision.rejection()) {
        check_rejected(before, decision, command);
        return decision;
    }
    if (before.ended()) fail("something happened after the end", command);
    live_ = decision.state;
    check_row(*decision.accepted(), command);
    check_rest(command);
    ++next_.sequence;
    return decision;
}

void Checked::check_rejected(const State& before, const Decision& decision, const Command& command) const {
    if (decision.state != before) fail("a rejection (" + decision.rejection()->rule + ") has changed the state", command);
    if (decision.rejection()->rule.empty()) fail("a rejection without a rule", command);
}

void Checked::check_row(const Accepted& accepted, const Command& command) {
    if (accepted.events.empty()) fail("accepted without an event", command);
    lines_.push_back("-- " + name_of(command));
    const Record record{next_, live_.key, accepted.at, accepted.events};
    const Record read = journal::decode(next_, journal::encode(record));
    if (read != record) fail("the row comes back from its bytes as another one", command);
    try {
        begin_replay(process(), replayed_, read, [&](const Event& event) {
            lines_.push_back(describe(process(), replayed_, event));
            undone_->see(replayed_, event);
        });
    } catch (const Violation& violation) {
        fail(violation.what(), command);
    }
    if (replayed_ != live_) fail("live and replayed state differ: " + difference(live_, replayed_), command);
    open_.take(accepted.effects);
    if (const auto wrong = open_.difference_from(live_); !wrong.empty()) fail("effects and state disagree: " + wrong, command);
    const auto snapshot = journal::decode_snapshot(journal::encode_snapshot(live_));
    if (!snapshot || *snapshot != live_) fail("the state does not come back from its snapshot", command);
    journal_.push_back(read);
    live_ = *snapshot;   // a restart after every row
}

void Checked::check_rest(const Command& command) const {
    try {
        check_at_rest(process(), live_);
    } catch (const Violation& violation) {
        fail(violation.what(), command);
    }
}

void check_at_rest(const model::Process& process, const State& state) {
    const auto require = [](bool holds, const std::string& what) {
        if (!holds) throw Violation{what};
    };
    if (state.runs_freely()) require(state.agenda.empty(), "the agenda is not empty at rest");
    require(state.halted == std::any_of(state.incidents.begin(), state.incidents.end(),
                                        [](const auto& entry) { return halts(entry.second.kind); }),
            "halted, and no incident to resolve that halts (or the other way round)");
    for (const auto& [key, wait] : state.waits) {
        require(state.find(wait.owner), "a wait without its owner");
        const auto& waits = state.at(wait.owner).waits;
        require(std::find(waits.begin(), waits.end(), key) != waits.end(), "a wait that its owner does not know");
    }
    for (const auto& [key, incident] : state.incidents)
        require(state.find(incident.element) && state.at(incident.element).incident == key, "an incident that its element does not know");
    if (state.ended()) {
        require(state.elements.size() == 1, "an element instance outlives the process instance");
        require(state.waits.empty() && state.incidents.empty(), "a wait or an incident outlives the process instance");
        return;
    }
    for (const auto& [key, instance] : state.elements) check_alive(process, state, instance);
}

}  // namespace kontor::test

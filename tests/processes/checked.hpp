#pragma once
/// An instance that is restarted after every row: each command is decided on the live state, its row goes through the journal's bytes, and
/// everything that must hold at any time is checked. A violation is an exception with the last events.
#include "core/decide.hpp"
#include "journal/chain.hpp"

#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace kontor::test {

struct Violation : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string describe(const model::Process&, const core::State&, const core::Event&);
std::string name_of(const core::Command&);

/// What the world has been told to do, by effects alone.
class OpenWork {
public:
    void take(const std::vector<core::Effect>&);
    /// Empty if this equals what the state says must be open; else the difference.
    [[nodiscard]] std::string difference_from(const core::State&) const;

private:
    std::map<core::WaitKey, core::Effect> waits_;
    std::set<core::ElementKey> tasks_;
    std::set<IncidentKey> incidents_;
    std::map<core::ElementKey, core::Effect> calls_;   ///< the last wish about each job
};

class Checked {
public:
    /// Two instances with different numbers have different keys.
    explicit Checked(model::Definition definition, std::uint32_t bucket = 0);
    Checked(const Checked&) = delete;
    Checked& operator=(const Checked&) = delete;

    /// Decides at `at` and checks. The events that were accepted, or the rejection.
    core::Decision send(const core::Command&, Instant at);

    [[nodiscard]] const core::State& state() const noexcept { return live_; }
    [[nodiscard]] const model::Definition& definition() const noexcept { return definition_; }
    [[nodiscard]] const model::Process& process() const noexcept { return definition_.process; }
    [[nodiscard]] const std::vector<core::Record>& journal() const noexcept { return journal_; }
    /// The last events, a line each.
    [[nodiscard]] std::string story(std::size_t events = 40) const;

private:
    [[noreturn]] void fail(const std::string& what, const core::Command&) const;
    void check_rejected(const core::State& before, const core::Decision&, const core::Command&) const;
    void check_row(const core::Accepted&, const core::Command&);
    void check_rest(const core::Command&) const;

    model::Definition definition_;
    core::State live_;
    core::State replayed_;
    core::Position next_;
    OpenWork open_;
    std::vector<core::Record> journal_;
    std::vector<std::string> lines_;
    std::shared_ptr<class Undone> undone_;
};

/// Throws Violation unless the state keeps what is true of every instance that rests or has ended.
void check_at_rest(const model::Process&, const core::State&);

}  // namespace kontor::test

// docs/reference/lifecycles.md is what the machines say, not what somebody remembers: this test writes the page and compares.
#include "lifecycle/enumerators.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>

using namespace kontor::lifecycle;

namespace {

/// Mermaid reads a hyphen in a state's id as part of an arrow.
std::string id(std::string_view name) {
    std::string result{name};
    for (char& c : result) c = c == '-' ? '_' : c;
    return result;
}

template <class S, class T>
void write_diagram(std::ostream& out) {
    const auto states = enumerators<S>();
    out << "```mermaid\nstateDiagram-v2\n";
    for (const S state : states)
        if (to_string(state) != id(to_string(state))) out << "    state \"" << to_string(state) << "\" as " << id(to_string(state)) << '\n';
    out << "    [*] --> " << id(to_string(states.front())) << '\n';
    for (const S from : states) {
        std::map<S, std::string> labels;  // one arrow for all triggers between the same two states
        for (const T trigger : enumerators<T>())
            if (const auto to = next(from, trigger)) {
                auto& label = labels[*to];
                label.append(label.empty() ? "" : ", ").append(to_string(trigger));
            }
        for (const auto& [to, label] : labels)
            out << "    " << id(to_string(from)) << " --> " << id(to_string(to)) << ": " << label << '\n';
        if (labels.empty()) out << "    " << id(to_string(from)) << " --> [*]\n";
    }
    out << "```\n\n";
}

template <class S, class T>
void write_table(std::ostream& out) {
    out << "| state |";
    for (const T trigger : enumerators<T>()) out << ' ' << to_string(trigger) << " |";
    out << "\n| --- |";
    for (std::size_t i = 0; i < enumerators<T>().size(); ++i) out << " --- |";
    out << '\n';
    for (const S from : enumerators<S>()) {
        out << "| **" << to_string(from) << "** |";
        for (const T trigger : enumerators<T>()) {
            const auto to = next(from, trigger);
            out << ' ' << (to ? to_string(*to) : "") << (to ? " |" : "|");
        }
        out << '\n';
    }
}

template <class S, class T>
void write_machine(std::ostream& out, std::string_view title, std::string_view text) {
    out << "\n## " << title << "\n\n" << text << "\n\n";
    write_diagram<S, T>(out);
    write_table<S, T>(out);
}

std::string page() {
    std::ostringstream out;
    out << "# Lifecycles\n\n"
           "The states that things go through, and what moves them on. An empty field means that the engine refuses: such a step is never\n"
           "written to a journal. The names are those in JSON. This page is written by `tests/lifecycle` from the machines themselves.\n";
    write_machine<Instance, InstanceTrigger>(out, "Process instance", "A suspended instance can only be resumed or cancelled.");
    write_machine<Activity, ActivityTrigger>(
        out, "Activity",
        "The states of BPMN 2.0, figure 13.2. A terminated activity can be compensated: its call may turn out to have taken effect.");
    write_machine<Job, JobTrigger>(
        out, "Job",
        "One call of a service, with all its attempts. An answer is taken in every state that is not an end, and only the first one. An\n"
        "attempt of an idempotent service that a restart cuts off is repeated at once; after ten in a row a person has to look.");
    write_machine<UserTask, UserTaskTrigger>(out, "User task", "Whether somebody must be assigned before completing is for the host to say.");
    write_machine<Incident, IncidentTrigger>(out, "Incident", "Withdrawn: what it was about has ended or gone on by itself.");
    return out.str();
}

}  // namespace

TEST_CASE("the page of the lifecycles shows the machines as they are") {
    const std::string path = KONTOR_SOURCE_DIR "/docs/reference/lifecycles.md";
    if (std::getenv("KONTOR_UPDATE")) std::ofstream{path} << page();
    std::ifstream file{path};
    const std::string written{std::istreambuf_iterator<char>{file}, {}};
    INFO(path << " is not what the machines say. Run this test with KONTOR_UPDATE=1 to rewrite it, then read the difference.");
    CHECK(written == page());
}

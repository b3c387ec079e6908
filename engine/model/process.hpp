#pragma once
/// A process: the immutable graph that core/ interprets.
#include "model/element.hpp"

#include <kontor/error.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::dmn {
class DecisionTable;
}

namespace kontor::model {

struct Message {
    std::string name;
    std::optional<Formula> correlation_key;   ///< evaluated when waiting begins
    std::optional<Duration> time_to_live;     ///< how long an early message is kept; nothing: not at all
    Position position;
};

/// `pattern` is a service name, or a prefix followed by `*`.
struct ServiceDeclaration {
    std::string pattern;
    Contract contract = Contract::unsafe;
    std::optional<Duration> timeout;
    Position position;
};

struct Process {
    std::string id;
    std::string name;
    std::string documentation;
    std::string version_tag;
    std::string time_zone = "UTC";
    std::string calendar;                      ///< name of the host's calendar of banking days; nothing reads it yet
    Variables extensions;                      ///< kept; nothing reads them yet
    Variables diagram;                         ///< layout of the picture; nothing reads it yet
    std::string file;                          ///< as problems name it
    bool declares_variables = true;            ///< false (no `variables:`): any name may be written
    std::vector<Element> elements;
    std::vector<SequenceFlow> flows;
    std::vector<Message> messages;
    std::vector<ServiceDeclaration> services;

    [[nodiscard]] const Element& operator[](ElementIndex i) const noexcept { return elements[raw(i)]; }
    [[nodiscard]] const SequenceFlow& operator[](FlowIndex i) const noexcept { return flows[raw(i)]; }
    [[nodiscard]] const Element* find(std::string_view id) const noexcept;
    [[nodiscard]] const ScopeContent& scope(ElementIndex i) const noexcept { return *scope_content((*this)[i].kind); }
};

/// What a deployment makes executable: a process with the decisions that it uses.
struct Definition {
    Process process;
    std::map<std::string, std::shared_ptr<const dmn::DecisionTable>, std::less<>> decisions;
};

/// Fills what follows from the rest: incoming flows, children of scopes, boundary events. To be called once by whoever builds
/// a process, before anything else reads it.
void complete(Process&);

/// The rules of BPMN that hold for every process, wherever it was read from: unreachable elements, start events, dead ends,
/// flows across scopes, event-based gateways, compensation. Problems carry positions and hints.
std::vector<Problem> check(const Process&);

/// Whether a token on `from` could, by sequence flows and boundary events, still reach `to` without passing `avoiding`:
/// the question of an inclusive join (BPMN 2.0, 13.4.3).
bool reaches(const Process&, ElementIndex from, FlowIndex to, ElementIndex avoiding);

}  // namespace kontor::model

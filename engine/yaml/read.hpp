#pragma once
/// Reads YAML files: processes, decisions, types, tests. Pure functions of their texts; any thread may call them.
#include "model/process.hpp"
#include "yaml/source.hpp"

#include <kontor/error.hpp>

#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace kontor::yaml {

enum class FileKind { process, decision, types, test, mock, unknown };
/// By the top-level keys. A text that is no YAML mapping is unknown.
FileKind kind_of(const Source&);

/// What a process file holds. With an error among the problems there are no processes; warnings leave them.
struct ProcessFile {
    std::vector<model::Process> processes;   ///< usually one
    std::vector<Problem> problems;           ///< by position
    [[nodiscard]] bool ok() const noexcept;
};
ProcessFile read_process(const Source&, const Resolver& = {});

/// A decision file holds one table. Without a decision there is an error among the problems.
struct DecisionFile {
    std::string id;
    std::shared_ptr<const dmn::DecisionTable> decision;
    std::vector<Problem> problems;
    [[nodiscard]] bool ok() const noexcept;
};
DecisionFile read_decision(const Source&, const Resolver& = {});

/// A types file, read for its problems alone.
std::vector<Problem> read_types(const Source&);

/// All decisions by id, as DecisionFile gives them.
using Decisions = std::map<std::string, std::shared_ptr<const dmn::DecisionTable>, std::less<>>;
/// Makes a process executable: every decision that it names must be among `decisions`.
std::variant<std::shared_ptr<model::Definition>, std::vector<Problem>> link(model::Process, const Decisions&);

}  // namespace kontor::yaml

#include "cli/definitions.hpp"

#include "cli/failure.hpp"
#include "cli/files.hpp"
#include "cli/problems.hpp"

#include <algorithm>

namespace kontor::cli {
namespace {

bool asks_a_decision(const std::vector<model::Process>& processes) {
    const auto asks = [](const model::Element& e) { return std::holds_alternative<model::BusinessRuleTask>(e.kind); };
    return std::any_of(processes.begin(), processes.end(),
                       [&](const model::Process& p) { return std::any_of(p.elements.begin(), p.elements.end(), asks); });
}

bool lacks_a_decision(const std::vector<Problem>& problems) {
    return std::any_of(problems.begin(), problems.end(), [](const Problem& p) { return p.rule == "unknown-decision"; });
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
    to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

const Loader::Neighbours& Loader::neighbours(const std::filesystem::path& folder) {
    const auto [entry, is_new] = folders_.try_emplace(folder);
    Neighbours& found = entry->second;
    if (!is_new) return found;
    for (const std::string& file : files_in(folder, ".decision.yaml")) {
        yaml::DecisionFile read = yaml::read_decision(read_file(file), beside_the_file());
        found.files.push_back(file);
        append(found.problems, read.problems);
        if (read.decision) found.decisions.emplace(read.id, read.decision);
    }
    return found;
}

Loaded Loader::load(const std::string& process_file) { return load(read_file(process_file)); }

Loaded Loader::load(const yaml::Source& source) {
    Loaded loaded;
    loaded.files.push_back(source.name);
    yaml::ProcessFile file = yaml::read_process(source, beside_the_file());
    loaded.problems = std::move(file.problems);
    static const Neighbours none;
    const Neighbours& beside = asks_a_decision(file.processes) ? neighbours(std::filesystem::path{source.name}.parent_path()) : none;
    append(loaded.files, beside.files);
    for (model::Process& process : file.processes) {
        auto linked = yaml::link(std::move(process), beside.decisions);
        if (const auto* problems = std::get_if<std::vector<Problem>>(&linked)) append(loaded.problems, *problems);
        else loaded.definitions.push_back(std::get<std::shared_ptr<model::Definition>>(std::move(linked)));
    }
    // A decision may be missing because its own file is wrong.
    if (lacks_a_decision(loaded.problems)) append(loaded.problems, beside.problems);
    if (has_error(loaded.problems)) loaded.definitions.clear();
    return loaded;
}

Definitions load_for_running(const std::string& process_file, const Output& errors) {
    Loaded loaded = Loader{}.load(process_file);
    print(errors, loaded.problems);
    if (loaded.definitions.empty()) throw Refused{process_file + " holds no process that can run"};
    return std::move(loaded.definitions);
}

}  // namespace kontor::cli

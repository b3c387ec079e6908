#include "cli/store/sources.hpp"

#include "cli/definitions.hpp"
#include "cli/files.hpp"
#include "cli/problems.hpp"

#include <algorithm>
#include <set>

namespace kontor::cli {
namespace {

void add(Sources& sources, const yaml::Source& file) {
    const auto same = [&](const Source& s) { return s.name == file.name; };
    if (std::none_of(sources.files.begin(), sources.files.end(), same)) sources.files.push_back({file.name, file.text, true});
}

/// Of what was found beside a process only what it asks for: another decision of the folder may be half written.
void add_decisions(Sources& sources, const Loaded& loaded) {
    std::set<std::string> asked;
    for (const auto& definition : loaded.definitions)
        for (const auto& [id, decision] : definition->decisions) asked.insert(id);
    if (asked.empty()) return;
    for (auto file = loaded.files.begin() + 1; file != loaded.files.end(); ++file) {
        const yaml::Source source = read_file(*file);
        if (asked.contains(yaml::read_decision(source, beside_the_file()).id)) add(sources, source);
    }
}

}  // namespace

Sources find_sources(const std::vector<std::string>& names) {
    Sources sources;
    Loader loader;
    for (const std::string& name : names) {
        const yaml::Source source = read_file(name);
        add(sources, source);
        const auto kind = yaml::kind_of(source);
        if (kind == yaml::FileKind::test || kind == yaml::FileKind::mock)
            sources.problems.push_back({name, 0, 0, Severity::error, "not-deployable", "this is a process test or a mock file, not a process",
                                        "deploy the process that it is for"});
        if (kind != yaml::FileKind::process && kind != yaml::FileKind::unknown) continue;
        const Loaded loaded = loader.load(source);
        if (has_error(loaded.problems)) sources.problems.insert(sources.problems.end(), loaded.problems.begin(), loaded.problems.end());
        else add_decisions(sources, loaded);
    }
    return sources;
}

}  // namespace kontor::cli

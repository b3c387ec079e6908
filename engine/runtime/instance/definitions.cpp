#include "runtime/instance/definitions.hpp"

#include "journal/digest.hpp"
#include "yaml/read.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>

namespace kontor::runtime {
namespace {

/// File names with their texts.
using Sources = std::vector<std::pair<std::string, std::string>>;

std::optional<std::string> read_text(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    if (!in) return std::nullopt;
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

/// The names of sources that are files: only these may have others read from beside them. A text that came over the network may not.
using Files = std::set<std::string, std::less<>>;

/// Finds named files among the given sources, else beside the file that names them; notes in `used` what was found.
yaml::Resolver resolver(const Sources& given, const Files& files, Sources& used) {
    return [&given, &files, &used](std::string_view name, const yaml::Source& from) -> std::optional<yaml::Source> {
        const auto beside = (std::filesystem::path{from.name}.parent_path() / name).string();
        for (const auto& [known, text] : given)
            if (known == beside || known == name) {
                used.emplace_back(known, text);
                return yaml::Source{known, text};
            }
        if (!files.contains(from.name)) return std::nullopt;
        auto text = read_text(beside);
        if (!text) return std::nullopt;
        used.emplace_back(beside, *text);
        return yaml::Source{beside, std::move(*text)};
    };
}

/// What was found in a set of files.
struct Reading {
    struct Process {
        model::Process process;
        Sources sources;
    };
    std::vector<Process> processes;
    yaml::Decisions decisions;
    std::map<std::string, Sources> decision_sources;
    std::vector<Problem> errors;
    std::vector<Problem> warnings;

    void note(const std::vector<Problem>& problems) {
        for (const auto& p : problems) (p.severity == Severity::error ? errors : warnings).push_back(p);
    }
};

Reading read_all(const Sources& sources, const Files& files) {
    Reading reading;
    for (const auto& [name, text] : sources) {
        const yaml::Source source{name, text};
        Sources used{{name, text}};
        const auto find = resolver(sources, files, used);
        switch (yaml::kind_of(source)) {
            case yaml::FileKind::decision: {
                auto file = yaml::read_decision(source, find);
                reading.note(file.problems);
                if (!file.decision) break;
                reading.decisions[file.id] = file.decision;
                reading.decision_sources[file.id] = std::move(used);
                break;
            }
            case yaml::FileKind::types: reading.note(yaml::read_types(source)); break;
            default: {
                auto file = yaml::read_process(source, find);
                reading.note(file.problems);
                for (auto& process : file.processes) reading.processes.push_back({std::move(process), used});
            }
        }
    }
    return reading;
}

/// Null, and the problems noted, if a decision is missing.
std::shared_ptr<const model::Definition> link(model::Process process, Reading& reading) {
    auto linked = yaml::link(std::move(process), reading.decisions);
    if (const auto* problems = std::get_if<std::vector<Problem>>(&linked)) {
        reading.note(*problems);
        return nullptr;
    }
    return std::get<std::shared_ptr<model::Definition>>(std::move(linked));
}

/// The process's own files and those of its decisions, each once.
Sources sources_of(const Reading::Process& read, const model::Definition& definition, const Reading& reading) {
    Sources all = read.sources;
    for (const auto& [id, decision] : definition.decisions) {
        const auto& more = reading.decision_sources.at(id);
        all.insert(all.end(), more.begin(), more.end());
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

/// By content alone: a file that was moved is the same file.
std::string hash_of(std::string_view process, const Sources& sources) {
    std::string all{process};
    for (const auto& [name, text] : sources) all += '\n' + std::to_string(text.size()) + ':' + text;
    return journal::hex(journal::sha256({all}));
}

std::vector<std::string> element_ids(const model::Process& process) {
    std::vector<std::string> ids;
    for (const auto& element : process.elements) ids.push_back(element.id);
    return ids;
}

std::vector<Problem> unbound_services(const model::Process& process, const std::function<bool(std::string_view)>& is_bound) {
    std::vector<Problem> problems;
    for (const auto& element : process.elements)
        if (const auto* call = model::service_call(element.kind); call && !is_bound(call->service))
            problems.push_back({process.file, static_cast<int>(element.position.line), static_cast<int>(element.position.column),
                                Severity::error, "unbound-service", "nobody carries out service " + call->service + " of " + element.id,
                                "bind it in the engine's options: {\"" + call->service + "\", handler}"});
    return problems;
}

}  // namespace

void Definitions::load(const std::vector<ports::DeploymentRow>& rows) {
    for (const auto& row : rows) {
        if (by_id(row.id)) continue;   // a version never changes
        Reading reading = read_all(row.sources, {});
        const auto it = std::find_if(reading.processes.begin(), reading.processes.end(), [&](const auto& p) { return p.process.id == row.process; });
        auto definition = it == reading.processes.end() ? nullptr : link(std::move(it->process), reading);
        if (!definition) throw Error{Code::invalid_definition, "the deployed version " + row.id + " can no longer be read", reading.errors};
        insert(std::make_shared<const Version>(
            Version{row.id, static_cast<int>(row.version), row.version_tag, row.hash, std::move(definition)}));
    }
}

Deployment Definitions::prepare(const std::vector<Source>& given, const std::function<bool(std::string_view)>& is_bound) const {
    Sources sources;
    Files files;
    for (const auto& source : given) {
        sources.emplace_back(source.name, source.text);
        if (source.is_file) files.insert(source.name);
    }
    Reading reading = read_all(sources, files);
    Deployment deployment;
    for (auto& read : reading.processes) {
        const auto definition = link(std::move(read.process), reading);
        if (!definition) continue;
        const model::Process& process = definition->process;
        reading.note(unbound_services(process, is_bound));
        Sources all = sources_of(read, *definition, reading);
        const std::string hash = hash_of(process.id, all);
        const VersionRef before = find(process.id);
        const bool unchanged = before && before->hash == hash;
        const int number = before ? before->number + (unchanged ? 0 : 1) : 1;
        std::vector<Problem> warnings;
        std::copy_if(reading.warnings.begin(), reading.warnings.end(), std::back_inserter(warnings),
                     [&](const Problem& p) { return p.file == process.file; });
        deployment.report.push_back({process.id, number, unchanged, std::move(warnings)});
        if (unchanged) continue;
        const std::string id = process.id + ":" + std::to_string(number) + ":" + hash.substr(0, 12);
        deployment.rows.push_back({id, process.id, static_cast<std::uint32_t>(number), process.version_tag, hash, std::move(all),
                                   element_ids(process), {}});
        deployment.versions.push_back(std::make_shared<const Version>(Version{id, number, process.version_tag, hash, definition}));
    }
    if (!reading.errors.empty()) {
        const auto more = reading.errors.size() - 1;
        throw Error{Code::invalid_definition, to_string(reading.errors.front()) + (more ? " and " + std::to_string(more) + " more" : ""),
                    std::move(reading.errors)};
    }
    return deployment;
}

void Definitions::insert(VersionRef version) {
    const std::unique_lock lock{mutex_};
    by_id_[version->id] = version;
    by_process_[version->process().id][version->number] = version;
}

void Definitions::add(const Deployment& deployment) {
    for (const auto& version : deployment.versions) insert(version);
}

std::size_t Definitions::count() const {
    const std::shared_lock lock{mutex_};
    return by_id_.size();
}

VersionRef Definitions::by_id(std::string_view id) const {
    const std::shared_lock lock{mutex_};
    const auto it = by_id_.find(id);
    return it == by_id_.end() ? nullptr : it->second;
}

VersionRef Definitions::find(std::string_view process, int number, std::string_view tag) const {
    const std::shared_lock lock{mutex_};
    const auto versions = by_process_.find(process);
    if (versions == by_process_.end()) return nullptr;
    for (auto it = versions->second.rbegin(); it != versions->second.rend(); ++it)
        if ((number == 0 || it->first == number) && (tag.empty() || it->second->tag == tag)) return it->second;
    return nullptr;
}

std::vector<std::pair<VersionRef, model::ElementIndex>> Definitions::started_by(std::string_view message) const {
    std::vector<std::pair<VersionRef, model::ElementIndex>> started;
    const std::shared_lock lock{mutex_};
    for (const auto& [id, versions] : by_process_) {
        const VersionRef& latest = versions.rbegin()->second;
        const model::Process& process = latest->process();
        for (const auto index : process.scope(model::root).start_events) {
            const auto* event = std::get_if<model::MessageEvent>(&std::get<model::StartEvent>(process[index].kind).definition);
            if (event && process.messages[event->message].name == message) started.emplace_back(latest, index);
        }
    }
    return started;
}

std::optional<Duration> Definitions::time_to_live(std::string_view message) const {
    std::optional<Duration> longest;
    const std::shared_lock lock{mutex_};
    for (const auto& [id, versions] : by_process_)
        for (const auto& declared : versions.rbegin()->second->process().messages)
            if (declared.name == message && declared.time_to_live) longest = std::max(longest.value_or(Duration{}), *declared.time_to_live);
    return longest;
}

}  // namespace kontor::runtime

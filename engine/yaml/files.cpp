/// What kind of file a text is, and what needs no reader of its own.
#include "yaml/parts/fields.hpp"
#include "yaml/parts/types.hpp"
#include "yaml/read.hpp"
#include "yaml/tree/parse.hpp"

namespace kontor::yaml {

FileKind kind_of(const Source& source) {
    Problems ignored{source.name};
    try {
        const auto document = parse(source.text, ignored);
        if (!document || !document->root.is_map()) return FileKind::unknown;
        const auto has = [&](std::string_view key) { return document->root.find(key) != nullptr; };
        if (has("process") || has("processes") || has("collaboration")) return FileKind::process;
        if (has("decision")) return FileKind::decision;
        if (has("test") || has("cases")) return FileKind::test;
        if (has("types")) return FileKind::types;
        if (has("mocks") || has("services") || has("userTasks") || has("unmocked") || has("variables")) return FileKind::mock;
        if (has("flow")) return FileKind::process;
    } catch (const TooManyProblems&) {
    }
    return FileKind::unknown;
}

std::vector<Problem> read_types(const Source& source) {
    Problems problems{source.name};
    try {
        if (const auto document = parse(source.text, problems)) {
            const Site site{document->text, problems};
            if (expect_map(site, document->root, "a types file")) {
                const Fields fields{site, document->root, "a types file", {type_file_keys()}};
                TypeTable types;
                if (const Node* definitions = fields["types"]) types.define(site, *definitions);
            }
        }
    } catch (const TooManyProblems&) {
    }
    return problems.take();
}

std::variant<std::shared_ptr<model::Definition>, std::vector<Problem>> link(model::Process process, const Decisions& decisions) {
    Problems problems{process.file};
    auto definition = std::make_shared<model::Definition>();
    std::vector<std::string_view> known;
    for (const auto& [id, decision] : decisions) known.push_back(id);
    try {
        for (const model::Element& element : process.elements) {
            const auto* task = std::get_if<model::BusinessRuleTask>(&element.kind);
            if (!task) continue;
            const auto found = decisions.find(task->decision);
            if (found != decisions.end()) definition->decisions.insert(*found);
            else problems.error(element.position, "unknown-decision",
                quoted(element.id) + " asks the decision " + quoted(task->decision) + ", which is not there",
                                did_you_mean(task->decision, known));
        }
    } catch (const TooManyProblems&) {
    }
    if (problems.errors() > 0) return problems.take();
    definition->process = std::move(process);
    return definition;
}

}  // namespace kontor::yaml

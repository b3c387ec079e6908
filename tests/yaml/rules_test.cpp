/// One case per rule: a YAML text and what must be said about it, to the letter. The cases stand in rules/*.txt:
///
///     === what it shows
///     the YAML text
///     >>>
///     LINE:COLUMN error|warning rule: message
///         hint
///
/// KONTOR_UPDATE=1 writes what is said now into the files, to be read and judged with `git diff`.
#include "yaml/read.hpp"
#include "yaml/test_file.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace kontor;

namespace {

struct Case {
    std::string title;
    std::string yaml;
    std::string expected;
};

std::string read_whole(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<Case> read_cases(const std::filesystem::path& path) {
    std::vector<Case> cases;
    std::istringstream lines{read_whole(path)};
    bool in_yaml = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("=== ")) {
            cases.push_back({line.substr(4), "", ""});
            in_yaml = true;
        } else if (in_yaml && line == ">>>") {
            in_yaml = false;
        } else if (!cases.empty()) {
            (in_yaml ? cases.back().yaml : cases.back().expected) += line + "\n";
        }
    }
    return cases;
}

std::string written(const std::vector<Problem>& problems) {
    std::ostringstream out;
    for (const Problem& problem : problems) {
        if (problem.file != "case.yaml") out << problem.file << ":";
        out << problem.line << ":" << problem.column << (problem.severity == Severity::error ? " error "
            : " warning ") << problem.rule << ": "
            << problem.message << "\n";
        if (!problem.hint.empty()) out << "    " << problem.hint << "\n";
    }
    return out.str().empty() ? "nothing\n" : out.str();
}

std::string said_about(const std::string& yaml) {
    const yaml::Resolver files = [](std::string_view name, const yaml::Source&) -> std::optional<yaml::Source> {
        if (name == "types.yaml") return yaml::Source{"types.yaml",
            "kontor: 1\ntypes:\n  Money: { type: number }\n  Case: { fields: { id: { type: string, required: true }, amount: Money } }\n"};
        if (name == "bad-types.yaml") return yaml::Source{"bad-types.yaml", "kontor: 1\ntypes:\n  Money: { type: nubmer }\n"};
        return std::nullopt;
    };
    const yaml::Source source{"case.yaml", yaml};
    if (yaml::kind_of(source) == yaml::FileKind::types) return written(yaml::read_types(source));
    if (yaml::kind_of(source) == yaml::FileKind::test) return written(yaml::read_test(source).problems);
    return written(yaml::read_process(source, files).problems);
}

std::vector<std::filesystem::path> case_files() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{KONTOR_SOURCE_DIR "/tests/yaml/rules"})
        files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

}  // namespace

TEST_CASE("every rule says where, what and how to mend it") {
    const bool update = std::getenv("KONTOR_UPDATE") != nullptr;
    for (const auto& file : case_files()) {
        std::string updated;
        for (const Case& one : read_cases(file)) {
            const std::string said = said_about(one.yaml);
            updated += "=== " + one.title + "\n" + one.yaml + ">>>\n" + said + "\n";
            if (update) continue;
            INFO(file.filename().string() << ": " << one.title << "\n" << one.yaml);
            std::string expected = one.expected;
            while (expected.ends_with("\n\n")) expected.pop_back();
            CHECK(said == expected);
        }
        if (update) std::ofstream{file, std::ios::binary} << updated;
    }
}

/// The reference pages hold what the code does: every example is read, every rule and every key stands there.
#include "yaml/decision.hpp"
#include "yaml/elements/table.hpp"
#include "yaml/flow/reading.hpp"
#include "yaml/process.hpp"
#include "yaml/read.hpp"
#include "yaml/test_file.hpp"
#include "yaml/test_keys.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

using namespace kontor;

namespace {

const std::filesystem::path source_folder{KONTOR_SOURCE_DIR};

std::string whole(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<std::string> yaml_blocks(const std::string& page) {
    std::vector<std::string> blocks;
    constexpr std::string_view opening = "```yaml\n";
    for (auto at = page.find(opening); at != page.npos; at = page.find(opening, at + 1)) {
        const auto start = at + opening.size();
        blocks.push_back(page.substr(start, page.find("```", start) - start));
    }
    return blocks;
}

/// A list stands for the middle of a flow.
std::string as_file(const std::string& block) {
    if (!block.starts_with("- ")) return block;
    std::string file = "kontor: 1\nprocess: p\nflow:\n  - startEvent: begin\n";
    std::istringstream lines{block};
    for (std::string line; std::getline(lines, line);) file += "  " + line + "\n";
    return file + "  - endEvent: done\n";
}

std::vector<Problem> problems_of(const std::string& text) {
    const yaml::Source source{"example.yaml", text};
    switch (yaml::kind_of(source)) {
        case yaml::FileKind::process: return yaml::read_process(source).problems;
        case yaml::FileKind::decision: return yaml::read_decision(source).problems;
        case yaml::FileKind::types: return yaml::read_types(source);
        case yaml::FileKind::test: return yaml::read_test(source).problems;
        default: return yaml::read_mocks(source).problems;
    }
}

/// The literals behind `error(`, `warning(` and their like: what the code reports.
std::set<std::string> rules_in_code() {
    std::set<std::string> rules{"wrong-type", "too-many-problems"};
    const std::regex report{R"re((?:error|warning|refuse|fail)\((?:[^";]|"\w+"[\])])*?"([a-z][a-z0-9-]*)",)re"};
    for (const char* folder : {"engine/yaml", "engine/model"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator{source_folder / folder}) {
            if (entry.path().extension() != ".cpp") continue;
            const std::string text = whole(entry.path());
            for (std::sregex_iterator match{text.begin(), text.end(), report}, end; match != end; ++match)
                rules.insert((*match)[1]);
        }
    return rules;
}

void add_table(std::ostringstream& page, std::string_view title, const std::vector<yaml::Keys>& tables) {
    page << "\n### " << title << "\n\n| key | |\n| --- | --- |\n";
    for (const auto keys : tables)
        for (const auto& key : keys)
            if (key.presence != yaml::not_yet) page << "| `" << key.name << "`" << (key.presence == yaml::required ? " (needed)"
                : "") << " | " << key.doc << " |\n";
}

std::string all_keys() {
    std::ostringstream page;
    add_table(page, "a process file", {yaml::file_keys(), yaml::process_keys(), yaml::scope_keys()});
    add_table(page, "a variable", {yaml::variable_keys()});
    add_table(page, "a service", {yaml::service_keys()});
    add_table(page, "a message", {yaml::message_keys()});
    add_table(page, "every element", yaml::shared_keys(yaml::ElementSpec::Group::end));
    page << "\nAnd, but for end events:\n";
    add_table(page, "what goes on", {yaml::shared_keys(yaml::ElementSpec::Group::gateway).back()});
    add_table(page, "every task and subprocess", {yaml::shared_keys(yaml::ElementSpec::Group::activity).back()});
    for (const auto* spec : yaml::element_table()) add_table(page, std::string{spec->word} + ": " + std::string{spec->doc},
        {spec->keys});
    add_table(page, "a branch", {yaml::branch_keys()});
    add_table(page, "a branch of an event-based gateway", {yaml::catch_keys(), yaml::event_branch_keys()});
    add_table(page, "a boundary event", {yaml::catch_keys(), yaml::error_keys(), yaml::boundary_keys()});
    add_table(page, "an event subprocess", {yaml::catch_keys(), yaml::error_keys(), yaml::event_subprocess_keys(),
        yaml::scope_keys()});
    add_table(page, "retry", {yaml::retry_keys()});
    add_table(page, "a timer that is a mapping", {yaml::timer_keys()});
    add_table(page, "a field of a form", {yaml::form_keys()});
    add_table(page, "a type", {yaml::type_definition_keys()});
    add_table(page, "a decision file", {yaml::decision_keys()});
    add_table(page, "an input", {yaml::decision_input_keys()});
    add_table(page, "an output", {yaml::decision_output_keys()});
    add_table(page, "a test file", {yaml::test_file_keys()});
    add_table(page, "a case", {yaml::case_keys()});
    add_table(page, "a step (one of the first eleven)", {yaml::step_keys(), yaml::step_detail_keys()});
    add_table(page, "expect", {yaml::expect_keys()});
    add_table(page, "calls of a service", {yaml::expected_calls_keys()});
    add_table(page, "mocks", {yaml::mocks_keys()});
    add_table(page, "an answer of a service", {yaml::mock_answer_keys()});
    add_table(page, "what a query answers", {yaml::mock_query_keys()});
    add_table(page, "an answer of a person", {yaml::mock_task_keys()});
    return page.str() + "\n";
}

}  // namespace

TEST_CASE("the examples of the reference are read without an error") {
    const auto blocks = yaml_blocks(whole(source_folder / "docs/reference/yaml.md"));
    CHECK(blocks.size() >= 6);
    for (const auto& block : blocks) {
        const auto problems = problems_of(as_file(block));
        INFO(block << (problems.empty() ? "" : to_string(problems.front())));
        CHECK(problems.empty());
    }
}

TEST_CASE("every rule stands on the page of errors, and no other") {
    const std::string page = whole(source_folder / "docs/reference/errors.md");
    std::set<std::string> described;
    const std::regex row{"\\| `([a-z0-9-]+)` \\|"};
    for (std::sregex_iterator match{page.begin(), page.end(), row}, end; match != end; ++match) described.insert((*match)[1]);
    CHECK(described == rules_in_code());
}

TEST_CASE("every key stands in the reference") {
    const auto path = source_folder / "docs/reference/yaml.md";
    const std::string page = whole(path);
    constexpr std::string_view opening = "KONTOR_UPDATE=1 writes it -->\n", closing = "<!-- end -->";
    const auto start = page.find(opening) + opening.size();
    const auto end = page.find(closing);
    REQUIRE(end != page.npos);
    if (std::getenv("KONTOR_UPDATE")) std::ofstream{path, std::ios::binary} << page.substr(0, start) << all_keys()
        << page.substr(end);
    else CHECK(page.substr(start, end - start) == all_keys());
}

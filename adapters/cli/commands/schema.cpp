#include "yaml/schema.hpp"

#include "cli/commands.hpp"
#include "value/wording.hpp"

#include <array>
#include <utility>

namespace kontor::cli {
namespace {

constexpr std::array<std::pair<std::string_view, std::string (*)()>, 5> schemas{{{"process", yaml::process_schema},
                                                                                {"decision", yaml::decision_schema},
                                                                                {"types", yaml::types_schema},
                                                                                {"test", yaml::test_schema},
                                                                                {"mocks", yaml::mocks_schema}}};

Exit perform(const Arguments& arguments, Console& console) {
    const std::string wanted = arguments.operands.empty() ? "process" : arguments.operands.front();
    std::vector<std::string_view> known;
    for (const auto& [name, schema] : schemas) {
        known.push_back(name);
        if (name != wanted) continue;
        const std::string text = schema();
        console.out.stream << text << (text.ends_with('\n') ? "" : "\n");
        return Exit::fine;
    }
    const std::string meant = did_you_mean(wanted, known);
    throw UsageError{"there is no schema " + wanted, meant.empty() ? "there are process, decision, types, test and mocks" : meant};
}

}  // namespace

Command schema_command() {
    return {.name = "schema",
            .operands = "[process|decision|types|test|mocks]",
            .fewest = 0,
            .most = 1,
            .summary = "prints the JSON Schema of a kind of file",
            .description = "For editors that complete and check YAML while it is written. Without an argument: that of process files.",
            .options = {json_option},
            .perform = perform};
}

}  // namespace kontor::cli

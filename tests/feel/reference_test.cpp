#include "feel/builtins/registry.hpp"
#include "feel/table.hpp"

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

using namespace kontor::feel::test;

namespace {

std::string page() {
    std::ifstream file{KONTOR_SOURCE_DIR "/docs/reference/feel.md"};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::pair<std::string, std::string>> examples(const std::string& text) {
    static const std::regex form{"`([^`\n]+)` => `([^`\n]+)`"};
    std::vector<std::pair<std::string, std::string>> result;
    for (std::sregex_iterator found{text.begin(), text.end(), form}, end; found != end; ++found) result.emplace_back((*found)[1], (*found)[2]);
    return result;
}

}  // namespace

TEST_CASE("every example of the reference page is true") {
    const auto all = examples(page());
    REQUIRE(all.size() > 100);
    for (const auto& [expression, value] : all) {
        if (expression == "expression") continue;   // the form itself
        CAPTURE(expression);
        CHECK(written(expression) == value);
    }
}

TEST_CASE("what is written can be read back") {
    for (const auto& [expression, value] : examples(page())) {
        if (expression == "expression") continue;
        CAPTURE(value);
        CHECK(written(value) == value);
    }
}

TEST_CASE("every built-in function has an example") {
    using namespace kontor::feel;
    std::string expressions;
    for (const auto& [expression, value] : examples(page())) expressions += " " + expression + "\n";
    for (const auto family : {conversion_functions(), boolean_functions(), string_functions(), pattern_functions(), numeric_functions(), rounding_functions(),
                              list_functions(), list_edit_functions(), statistics_functions(), sort_functions(), context_functions(), range_functions(),
                              temporal_functions(), moment_functions()})
        for (const auto& builtin : family) {
            const auto name = std::string{builtin.signature.substr(0, builtin.signature.find('(') + 1)};
            CAPTURE(name);
            CHECK(expressions.find(name) != std::string::npos);
        }
}

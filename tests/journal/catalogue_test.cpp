#include "catalogue.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

using namespace kontor::journal;
using test::catalogue;

namespace {

const std::string path = KONTOR_SOURCE_DIR "/docs/reference/events.md";

std::string content_of(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream{file}.rdbuf();
    return text.str();
}

bool is_camel_case(std::string_view name) {
    static const std::regex pattern{"[a-z]+([A-Z][a-z]+)*"};
    return std::regex_match(std::string{name}, pattern);
}

/// What the page says about each event: the one part of it that is written by hand.
std::map<std::string, std::string> meanings_of(const std::string& page) {
    std::map<std::string, std::string> meanings;
    static const std::regex row{R"(\| \d+ \| `(\w+)` \| \d+ \| (.*) \| .* \|)"};
    std::istringstream lines{page};
    for (std::string line; std::getline(lines, line);) {
        if (std::smatch match; std::regex_match(line, match, row)) meanings[match[1]] = match[2];
    }
    return meanings;
}

std::string page_with(std::map<std::string, std::string> meanings) {
    std::ostringstream page;
    page << "# Events\n\n"
            "Every fact that a journal may hold. The number and the version stand in the journal, the name in JSON; all three are\n"
            "for ever. An event is never changed once it is released: a new shape gets the next version, and\n"
            "`engine/journal/old_versions.cpp` reads the old one.\n"
            "How the bytes look stands in `engine/journal/encoding.hpp`, what JSON masks in `engine/journal/masking.hpp`.\n\n"
            "This page is written by `tests/journal` from the catalogue, all but the column of meanings.\n\n"
            "| number | event | version | meaning | fields |\n| --- | --- | --- | --- | --- |\n";
    std::set<std::string> inside;
    for (const auto& entry : catalogue()) {
        const std::string name{entry.type.name};
        page << "| " << entry.type.number << " | `" << name << "` | " << entry.type.version << " | " << meanings[name] << " | ";
        std::string fields;
        for (const auto& [field, type] : entry.fields) fields += (fields.empty() ? "`" : ", `") + field + "` " + type;
        page << (fields.empty() ? "none" : fields) << " |\n";
        inside.insert(entry.layout.begin(), entry.layout.end() - 1);
    }
    page << "\nWhat stands in lists:\n\n";
    for (const auto& layout : inside) page << "- `" << layout << "`\n";
    return page.str();
}

}  // namespace

TEST_CASE("names and numbers of events are unique and well formed") {
    std::set<std::uint16_t> numbers;
    std::set<std::string_view> names;
    for (const auto& entry : catalogue()) {
        INFO(entry.type.name);
        CHECK(numbers.insert(entry.type.number).second);
        CHECK(names.insert(entry.type.name).second);
        CHECK(entry.type.number > 0);
        CHECK(entry.type.version > 0);
        CHECK(is_camel_case(entry.type.name));
    }
}

TEST_CASE("names of fields are unique within their event and well formed") {
    // The names that every line of JSON has before those of its event.
    const std::set<std::string> taken{"position", "at", "event", "instance", "process", "elementType"};
    for (const auto& entry : catalogue()) {
        INFO(entry.type.name);
        std::set<std::string> names = taken;
        for (const auto& [name, type] : entry.fields) {
            CHECK(names.insert(name).second);
            CHECK(is_camel_case(name));
        }
        CHECK(entry.fields.size() < 64);   // each has a bit
    }
}

TEST_CASE("docs/reference/events.md is the catalogue") {
    const auto meanings = meanings_of(content_of(path));
    if (std::getenv("KONTOR_UPDATE")) std::ofstream{path} << page_with(meanings);
    INFO(path << " is not the catalogue. Run this test with KONTOR_UPDATE=1 to rewrite it, then say what each new event means.");
    CHECK(content_of(path) == page_with(meanings));
    for (const auto& entry : catalogue()) {
        INFO(entry.type.name << " has no meaning yet");
        CHECK(meanings.contains(std::string{entry.type.name}));
        if (const auto it = meanings.find(std::string{entry.type.name}); it != meanings.end()) CHECK(it->second.size() > 5);
    }
}

// Golden journals: rows as released versions wrote them, which every later version must read as the same facts. See README.md.
#include "catalogue.hpp"
#include "dump.hpp"
#include "journal/encoding.hpp"
#include "random_fields.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

using namespace kontor;
using namespace kontor::journal;
using namespace kontor::journal::test;

namespace {

const std::filesystem::path folder = KONTOR_SOURCE_DIR "/tests/journal/golden";

struct GoldenRow {
    core::Position position;
    std::string bytes;
};
/// A file: the layout of each event of its catalogue, and rows.
struct Golden {
    std::map<std::string, std::string> layouts;   // by `NUMBER.VERSION`
    std::vector<GoldenRow> rows;
};

std::string version_of(const core::EventType& type) { return std::to_string(type.number) + '.' + std::to_string(type.version); }

std::string one_line(const std::vector<std::string>& layout) {
    std::string line;
    for (const auto& part : layout) line += (line.empty() ? "" : " ") + part;
    return line;
}

std::map<std::string, std::string> present_layouts() {
    std::map<std::string, std::string> layouts;
    for (const auto& entry : catalogue()) layouts[version_of(entry.type)] = one_line(entry.layout);
    return layouts;
}

std::string to_hex(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) {
        text += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
        text += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
    }
    return text;
}

std::string from_hex(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) bytes += static_cast<char>(std::stoi(std::string{text.substr(i, 2)}, nullptr, 16));
    return bytes;
}

Golden read(const std::filesystem::path& file) {
    Golden golden;
    std::ifstream in{file};
    for (std::string line; std::getline(in, line);) {
        std::istringstream words{line};
        std::string first, second, third;
        words >> first >> second >> third;
        if (first == "row") {
            const auto colon = second.find(':');
            const auto bucket = static_cast<std::uint32_t>(std::stoul(second));
            golden.rows.push_back({{bucket, std::stoull(second.substr(colon + 1))}, from_hex(third)});
        } else if (first == "event") {
            golden.layouts[second] = line.substr(line.find(third, 6 + second.size()));
        }
    }
    return golden;
}

/// The .journal files, the oldest first.
std::vector<std::filesystem::path> golden_files() {
    std::vector<std::filesystem::path> files;
    if (!std::filesystem::exists(folder)) return files;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() == ".journal") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// Each event with all of its fields, in a row of its own; a row of all events with as little as they can have; every name of an enum.
std::vector<core::Record> rows_of_every_event() {
    std::vector<core::Record> rows;
    Maker full{2026, Fill::all};
    for (std::size_t type = 0; type < std::variant_size_v<core::Event>; ++type) {
        rows.push_back(full.record(0));
        rows.back().events.push_back(full.event(type));
    }
    Maker empty{2026, Fill::none};
    rows.push_back(empty.record(0));
    for (std::size_t type = 0; type < std::variant_size_v<core::Event>; ++type) rows.back().events.push_back(empty.event(type));
    rows.push_back(full.record(0));
    for (unsigned kind = 0; kind < count_of<core::IncidentKind>(); ++kind) {
        rows.back().events.push_back(core::IncidentRaised{{1}, {2}, static_cast<core::IncidentKind>(kind), "why"});
    }
    return rows;
}

std::string twin_of(const std::vector<core::Record>& rows) {
    std::string text;
    for (const auto& row : rows) text += (text.empty() ? "[" : ",\n") + dump_row(row);
    return text + "]\n";
}

void write_golden(const std::filesystem::path& file) {
    REQUIRE_FALSE(std::filesystem::exists(file));
    std::filesystem::create_directories(folder);
    std::ofstream out{file};
    out << "# A golden journal: tests/journal/README.md. Not to be changed once it is released.\n";
    for (const auto& entry : catalogue()) out << "event " << version_of(entry.type) << ' ' << one_line(entry.layout) << '\n';
    const auto rows = rows_of_every_event();
    for (const auto& row : rows) out << "row " << to_string(row.position) << ' ' << to_hex(encode(row)) << '\n';
    std::ofstream{std::filesystem::path{file}.replace_extension(".json")} << twin_of(rows);
}

bool is_covered() {
    const auto files = golden_files();
    return std::any_of(files.begin(), files.end(), [](const auto& file) { return read(file).layouts == present_layouts(); });
}

}  // namespace

TEST_CASE("the rows of the golden journals leave no field empty") {
    for (const auto& row : rows_of_every_event()) {
        if (row.events.size() > 1) continue;
        std::visit([](const auto& e) {
            each_field(e, [&]<class F>(std::string_view name, const F& field) {
                INFO(std::remove_cvref_t<decltype(e)>::type.name << "." << name);
                CHECK_FALSE(is_empty(field));
            });
        }, row.events[0]);
    }
}

TEST_CASE("there is a golden journal for the present catalogue") {
    if (std::getenv("KONTOR_UPDATE") && !is_covered()) {
        const auto number = std::to_string(golden_files().size() + 1);
        write_golden(folder / ("catalogue-" + std::string(3 - std::min<std::size_t>(3, number.size()), '0') + number + ".journal"));
    }
    INFO("The event catalogue has changed. KONTOR_UPDATE=1 adds a golden journal for it; see tests/journal/README.md.");
    CHECK(is_covered());
}

TEST_CASE("every golden journal says what it always said") {
    for (const auto& file : golden_files()) {
        INFO(file.filename());
        std::vector<core::Record> rows;
        for (const auto& row : read(file).rows) rows.push_back(decode(row.position, row.bytes));
        std::ostringstream twin;
        twin << std::ifstream{std::filesystem::path{file}.replace_extension(".json")}.rdbuf();
        CHECK(twin_of(rows) == twin.str());
    }
}

TEST_CASE("a released version of an event keeps its fields") {
    const auto present = present_layouts();
    for (const auto& file : golden_files()) {
        for (const auto& [version, layout] : read(file).layouts) {
            if (const auto now = present.find(version); now != present.end()) {
                INFO(file.filename() << ": event " << version << " has changed; give it a new version instead");
                CHECK(now->second == layout);
            }
        }
    }
}

TEST_CASE("rows are written as the newest golden journal has them") {
    for (const auto& file : golden_files()) {
        if (read(file).layouts != present_layouts()) continue;
        for (const auto& row : read(file).rows) CHECK(to_hex(encode(decode(row.position, row.bytes))) == to_hex(row.bytes));
    }
}

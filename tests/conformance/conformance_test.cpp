#include "conformance/expected.hpp"
#include "conformance/model.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace fs = std::filesystem;
using namespace kontor;
using namespace kontor::conformance;

namespace {

struct Count {
    int passed = 0;
    int total = 0;
    int passed_values = 0;   ///< of those that expect something other than null
    int total_values = 0;
    Count& operator+=(const Count& other) {
        passed += other.passed, total += other.total, passed_values += other.passed_values, total_values += other.total_values;
        return *this;
    }
};

std::vector<fs::path> sorted(const fs::path& folder) {
    std::vector<fs::path> result;
    for (const auto& entry : fs::directory_iterator{folder}) result.push_back(entry.path());
    std::sort(result.begin(), result.end());
    return result;
}

void run_case(const Model& model, const Element* test, const std::string& folder, Count& count) {
    Variables inputs;
    for (const auto* input : children(test, "inputNode")) inputs.set(attribute(input, "name"), read_value(input));
    for (const auto* result : children(test, "resultNode")) {
        const auto* expectation = child(result, "expected");
        const Value expected = expectation ? read_value(expectation) : Value{};
        const auto service = attribute(test, "invocableName");
        Value actual;
        if (service.empty()) {
            actual = model.decide(attribute(result, "name"), inputs);
        } else {
            actual = model.serve(service, inputs);
            // A service with several outputs is asked for one of them.
            if (const auto* outputs = actual.if_context(); outputs && outputs->contains(attribute(result, "name"))) actual = outputs->at(attribute(result, "name"));
        }
        const bool passed = agrees(expected, actual);
        ++count.total;
        count.passed += passed;
        count.total_values += !expected.is_null();
        count.passed_values += passed && !expected.is_null();
        if (!passed && std::getenv("KONTOR_TCK_VERBOSE"))
            std::cout << folder << " " << attribute(test, "id") << " " << attribute(result, "name") << ": expected " << feel::to_feel(expected) << ", found "
                      << feel::to_feel(actual) << "\n";
    }
}

Count run_folder(const fs::path& folder) {
    Count count;
    for (const auto& file : sorted(folder)) {
        if (file.extension() != ".xml") continue;
        const auto cases = read_xml(file.string());
        const auto* root = cases->documentElement();
        const auto path = folder / text_of(root, "modelName");
        if (!fs::exists(path)) continue;
        const Model model{path.string()};
        for (const auto* test : children(root, "testCase")) run_case(model, test, folder.filename().string(), count);
    }
    return count;
}

std::map<std::string, std::pair<int, int>> read_baseline(const fs::path& file) {
    std::map<std::string, std::pair<int, int>> result;
    std::ifstream in{file};
    for (std::string line; std::getline(in, line);) {
        std::istringstream words{line};
        std::string folder;
        if (words >> folder && folder[0] != '#') words >> result[folder].first >> result[folder].second;
    }
    return result;
}

std::ostream& operator<<(std::ostream& out, const Count& count) {
    return out << count.passed << " of " << count.total << ", other than null " << count.passed_values << " of " << count.total_values;
}

}  // namespace

TEST_CASE("DMN TCK") {
    const fs::path source{KONTOR_SOURCE_DIR};
    const char* elsewhere = std::getenv("KONTOR_TCK");
    const auto data = elsewhere ? fs::path{elsewhere} : source / ".." / "shared" / "dmn-tck";
    if (!fs::exists(data)) {
        WARN("skipped: the data of the DMN TCK are not here");
        return;
    }
    const auto baseline_file = source / "tests" / "conformance" / "baseline.txt";
    const auto baseline = read_baseline(baseline_file);
    std::ostringstream fresh;
    Count all;
    for (const std::string level : {"compliance-level-2", "compliance-level-3"})
        for (const auto& folder : sorted(data / level)) {
            if (!fs::is_directory(folder)) continue;
            const auto name = folder.filename().string();
            const auto count = run_folder(folder);
            all += count;
            fresh << name << " " << count.passed << " " << count.passed_values << "\n";
            if (std::getenv("KONTOR_TCK_VERBOSE") && count.passed < count.total) std::cout << "== " << name << ": " << count << "\n";
            if (std::getenv("KONTOR_TCK_UPDATE")) continue;
            CAPTURE(name);
            const auto known = baseline.find(name);
            CHECK(count.passed >= (known == baseline.end() ? 0 : known->second.first));
            CHECK(count.passed_values >= (known == baseline.end() ? 0 : known->second.second));
        }
    std::cout << "DMN TCK: " << all << "\n";
    if (std::getenv("KONTOR_TCK_UPDATE")) std::ofstream{baseline_file} << "# folder, passed, passed other than null; see README.md\n" << fresh.str();
}

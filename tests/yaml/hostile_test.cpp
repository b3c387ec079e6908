/// Texts that are made to hurt: each is refused or read in bounded time and memory.
#include "yaml/read.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <random>
#include <sstream>

using namespace kontor;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KONTOR_TIME_FACTOR 10
#else
#define KONTOR_TIME_FACTOR 1
#endif

namespace {

constexpr const char* good = R"(kontor: 1
process: p
variables:
  amount: { type: number, default: 1 }
  answer: any
services:
  s.*: { contract: idempotent }
messages:
  paid: { correlationKey: = answer }
flow:
  - startEvent: begin
  - parallelGateway: fork
    join: joined
    branches:
      - flow:
          - serviceTask: a
            service: s.a
            input: { amount: = amount, more: [1, 'two', { three: = amount }] }
            output: answer
            retry: { attempts: 3, backoff: PT1S }
            compensation:
              serviceTask: undo-a
              service: s.u
              input: { key: = compensated.idempotencyKey }
            boundaryEvents:
              - error: [X]
                next: joined
      - flow:
          - userTask: b
            form: { yes-or-no: { type: string, allowedValues: [a, b], required: true } }
            output: answer
  - exclusiveGateway: g
    branches:
      - if: = amount > 3
        next: again
      - default: true
  - eventBasedGateway: e
    branches:
      - message: paid
      - timer: PT1H
        next: again
  - endEvent: done
paths:
  more:
    - scriptTask: again
      output: { amount: '= max(amount, 3)' }
    - endEvent: undone
      compensate: scope
)";

/// Peak memory of this process so far, in MB.
long peak_memory() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

std::string repeated(std::string_view part, std::size_t times) {
    std::string text;
    text.reserve(part.size() * times);
    for (std::size_t i = 0; i < times; ++i) text += part;
    return text;
}

std::string head() { return "kontor: 1\nprocess: p\n"; }
std::string simple_flow() { return "flow:\n  - startEvent: begin\n  - endEvent: done\n"; }

/// The rule of the first finding; the reading took less than a second and not much memory.
std::string first_rule(const std::string& name, const std::string& text) {
    const long memory = peak_memory();
    const std::clock_t start = std::clock();   // processor time: other programs on the machine are no fault of ours
    const auto file = yaml::read_process({"hostile.yaml", text});
    const std::chrono::milliseconds took{(std::clock() - start) * 1000 / CLOCKS_PER_SEC};
    INFO(name << ": " << took.count() << " ms, " << peak_memory() - memory << " MB more");
    if (std::getenv("KONTOR_SHOW_TIMES")) std::cout << name << ": " << took.count() << " ms, " << peak_memory()
        - memory << " MB more, " << file.problems.size() << " findings\n";
    CHECK(took < std::chrono::seconds{KONTOR_TIME_FACTOR});
    CHECK(file.problems.size() <= 202);
    return file.problems.empty() ? "nothing" : file.problems.front().rule;
}

}  // namespace

TEST_CASE("hostile texts are refused in bounded time and memory") {
    const std::string flow = simple_flow();
    CHECK(first_rule("good", good) == "nothing");
    CHECK(first_rule("duplicate keys", head() + repeated("name: x\n", 20'000) + flow) == "duplicate-key");
    CHECK(first_rule("alias bomb",
        "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c]\n") ==
            "anchor-or-alias");
    CHECK(first_rule("cyclic alias", head() + "name: &a [*a]\n" + flow) == "anchor-or-alias");
    CHECK(first_rule("10,000 levels in brackets", head() + "name: " + repeated("[", 10'000) + repeated("]", 10'000) + "\n"
        + flow) == "too-deep");
    CHECK(first_rule("10,000 levels in braces", head() + "name: " + repeated("{a: ", 10'000) + repeated("}", 10'000) + "\n"
        + flow) == "too-deep");
    std::string stairs = head() + "extensions:\n";
    for (int i = 1; i < 2'000; ++i) stairs += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
    CHECK(first_rule("2,000 levels of indentation", stairs) == "too-deep");
    CHECK(first_rule("1,000,000 brackets that never close", "a: " + repeated("[", 1'000'000)) == "too-deep");
    CHECK(first_rule("1,000,000 dashes", repeated("- ", 1'000'000)) == "too-deep");
    CHECK(first_rule("100 MB", head() + "name: " + std::string(100u << 20, 'x') + "\n" + flow) == "file-too-large");
    CHECK(first_rule("invalid UTF-8", head() + "name: \xC3\x28\n" + flow) == "not-utf-8");
    CHECK(first_rule("overlong UTF-8", head() + "name: \xC0\xAF\n" + flow) == "not-utf-8");
    CHECK(first_rule("a surrogate", head() + "name: \xED\xA0\x80\n" + flow) == "not-utf-8");
    CHECK(first_rule("UTF-16", std::string{"\xFF\xFEk\0o\0", 6}) == "not-utf-8");
    CHECK(first_rule("NUL", head() + "name: a" + std::string(1, '\0') + "b\n" + flow) == "control-character");
    CHECK(first_rule("NUL as an escape", head() + "name: \"a\\0b\"\n" + flow) == "control-character");
    CHECK(first_rule("a name in Latin-1", head() + "variables: { \xE4nderung: any }\n" + flow) == "not-utf-8");
    CHECK(first_rule("half a surrogate pair as an escape", head() + "extensions: { \"a\\uD800\": 1 }\n" + flow) != "nothing");
    CHECK(first_rule("the library's end mark", head() + "name: a\x04" "b\n" + flow) == "control-character");
    CHECK(first_rule("a lone CR", head() + "name: a\rb\n" + flow) == "control-character");
    CHECK(first_rule("second document", head() + flow + "---\na: 1\n") == "second-document");
    CHECK(first_rule("100,000 documents", repeated("---\n", 100'000)) == "second-document");
    CHECK(first_rule("merge keys", head() + "<<: { a: 1 }\n" + flow) == "merge-key");
    CHECK(first_rule("tabs", head() + "flow:\n\t- startEvent: begin\n") == "yaml-syntax");
    CHECK(first_rule("a scalar of 1 MB", head() + "name: " + std::string(1u << 20, 'x') + "\n" + flow) == "nothing");
    CHECK(first_rule("a quoted scalar of 1 MB", head() + "name: '" + repeated("'' ", 350'000) + "'\n" + flow) == "nothing");
    CHECK(first_rule("a block scalar of 1 MB", head() + "name: |\n" + repeated("  xxx\n", 170'000) + flow) == "nothing");
    CHECK(first_rule("an expression of 1 MB", head() + "variables: { a: any }\nmessages: { m: { correlationKey: '= a" + repeated(" + a", 250'000) + "' } }\n" + flow) != "");
    CHECK(first_rule("an expression of 100,000 brackets", head() + "messages: { m: { correlationKey: '= " + repeated("(", 100'000) + "' } }\n" + flow) == "expression-syntax");
    CHECK(first_rule("an id of 1 MB", head() + "flow:\n  - startEvent: " + std::string(1u << 20, 'x') + "\n  - endEvent: done\n") == "invalid-id");
    CHECK(first_rule("300,000 values", head() + "extensions: { a: [" + repeated("1,", 300'000) + "] }\n" + flow) == "too-many-nodes");
    CHECK(first_rule("30,000 unknown keys", head() + [] { std::string s; for (int i = 0; i < 30'000; ++i) s += "nam" + std::to_string(i) + ": x\n"; return s; }() + flow) == "unknown-key");
    CHECK(first_rule("30,000 tasks in a row", head() + "flow:\n  - startEvent: begin\n" + [] { std::string s; for (int i = 0; i < 30'000; ++i) s += "  - scriptTask: t" + std::to_string(i) + "\n"; return s; }() + "  - endEvent: done\n") == "nothing");
    CHECK(first_rule("20,000 targets that do not exist", head() + "flow:\n  - startEvent: begin\n" + [] { std::string s; for (int i = 0; i < 20'000; ++i) s += "  - scriptTask: t" + std::to_string(i) + "\n    next: u" + std::to_string(i) + "\n"; return s; }() + "  - endEvent: done\n") == "unknown-target");
    CHECK(first_rule("20,000 empty branches", head() + "flow:\n  - startEvent: begin\n  - parallelGateway: g\n    branches:\n" + repeated("      - {}\n", 20'000) + "  - endEvent: done\n") == "nothing");
    std::string nested = head() + "flow:\n  - startEvent: begin\n", indent = "  ";
    for (int i = 0; i < 15; ++i, indent += "    ") nested += indent + "- subProcess: s" + std::to_string(i) + "\n" + indent + "  flow:\n";
    CHECK(first_rule("15 nested subprocesses", nested + indent + "- scriptTask: t\n  - endEvent: done\n") == "nothing");
    CHECK(first_rule("2 MB of brackets", repeated("[a,", 695'000)) == "too-deep");
    CHECK(first_rule("2 MB of brackets on short lines", repeated("[{a: [\n", 290'000)) == "too-deep");
    CHECK(first_rule("2 MB of question marks", repeated("? ", 1'000'000)) == "too-deep");
    CHECK(first_rule("2 MB of colons", repeated(": ", 1'000'000)) != "nothing");
    CHECK(first_rule("2 MB of quotes", repeated("\"\" ", 695'000)) != "nothing");
    CHECK(first_rule("2 MB of comments", repeated("#\n", 1'000'000)) == "empty-file");
    CHECK(first_rule("2 MB of commas", "a: [" + repeated(",", 2'000'000) + "]") != "nothing");
    CHECK(first_rule("2 MB of ampersands", "a: " + repeated("&a ", 695'000)) != "nothing");
    CHECK(first_rule("2 MB of exclamation marks", "a: " + repeated("!a ", 695'000)) != "nothing");
    CHECK(first_rule("2 MB of percent signs", repeated("%a\n", 695'000)) != "nothing");
    CHECK(first_rule("2 MB of spaces", repeated(" ", 2'000'000)) == "empty-file");
    CHECK(first_rule("2 MB of one key", repeated("x", 2'000'000) + ": 1") != "nothing");
    CHECK(first_rule("2 MB of tasks", head() + "flow:\n" + repeated("  - scriptTask: t\n", 110'000)) == "too-many-nodes");
    CHECK(first_rule("10,000 variables", head() + "variables: {" + [] { std::string s; for (int i = 0; i < 10'000; ++i) s += "v" + std::to_string(i) + ": any, "; return s; }() + "}\n" + flow) == "too-many-nodes");
}

TEST_CASE("line ends and a byte order mark do not matter") {
    const auto unix_file = yaml::read_process({"a.yaml", good});
    std::string windows = "\xEF\xBB\xBF";
    for (const char c : std::string_view{good}) windows += c == '\n' ? std::string{"\r\n"} : std::string{c};
    const auto windows_file = yaml::read_process({"a.yaml", windows});
    REQUIRE(unix_file.ok());
    REQUIRE(windows_file.ok());
    CHECK(windows_file.processes[0].elements.size() == unix_file.processes[0].elements.size());
    for (std::size_t i = 0; i < unix_file.processes[0].elements.size(); ++i) {
        CHECK(windows_file.processes[0].elements[i].position.line == unix_file.processes[0].elements[i].position.line);
        CHECK(windows_file.processes[0].elements[i].position.column == unix_file.processes[0].elements[i].position.column);
    }
}

TEST_CASE("a mutated file is read or refused, never crashes") {
    std::mt19937 random{20260301};
    const std::string text = good;
    const auto any = [&](std::size_t below) { return std::uniform_int_distribution<std::size_t>{0, below - 1}(random); };
    const std::string_view bytes = " \n\t:#,[]{}'\"|>-=&*!?%@`~ab0.\xC3\x28\x01";
    const auto lines_of = [](const std::string& whole) {
        std::vector<std::string> lines;
        std::istringstream in{whole};
        for (std::string line; std::getline(in, line);) lines.push_back(line + "\n");
        return lines;
    };
    const auto start = std::chrono::steady_clock::now();
    for (int round = 0; round < 4'000; ++round) {
        std::string mutated = text;
        for (std::size_t edits = 1 + any(3); edits > 0; --edits) {
            auto lines = lines_of(mutated);
            if (mutated.empty() || lines.empty()) break;
            const std::size_t at = any(mutated.size());
            const std::size_t line = any(lines.size());
            switch (any(7)) {
                case 0: mutated[at] = bytes[any(bytes.size())]; continue;
                case 1: mutated.erase(at, 1); continue;
                case 2: mutated.insert(at, 1, bytes[any(bytes.size())]); continue;
                case 3: lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(line)); break;
                case 4: lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(line), lines[any(lines.size())]); break;
                case 5: std::swap(lines[line], lines[any(lines.size())]); break;
                default: lines[line] = std::string(any(8), ' ') + lines[line]; break;
            }
            mutated.clear();
            for (const auto& one : lines) mutated += one;
        }
        const auto file = yaml::read_process({"mutated.yaml", mutated});
        if (file.ok() != !file.processes.empty()) FAIL("neither a process nor an error:\n" << mutated);
        for (const Problem& problem : file.problems)
            if (problem.rule.empty() || problem.message.empty() || (problem.line == 0 && problem.rule != "file-too-large")) FAIL(problem.rule << " without a place:\n" << mutated);
    }
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{30 * KONTOR_TIME_FACTOR});
}

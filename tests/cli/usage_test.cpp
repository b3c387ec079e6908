/// The command line itself: help, options, what is wrong with them, the streams.
#include "cli/program.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace kontor::cli::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {
constexpr std::array all_commands{"validate", "run",   "test",   "feel",     "decide",    "schema", "serve",   "deploy", "start",   "list",   "show",  "history",
                                  "explain",  "tasks", "complete", "assign", "incidents", "retry",  "publish", "cancel", "suspend", "resume", "audit", "store",
                                  "bench"};
}

TEST_CASE("help comes from the tables") {
    const Ran all = call({"--help"});
    CHECK(all.exit == 0);
    CHECK(all.err.empty());
    for (const char* name : all_commands) {
        CHECK_THAT(all.out, Contains(std::string{"\n  "} + name + " "));
        const Ran one = call({name, "--help"});
        CHECK(one.exit == 0);
        CHECK_THAT(one.out, StartsWith(std::string{"kontor "} + name + ": "));
        CHECK_THAT(one.out, Contains("\n  --help "));
        CHECK(call({"help", name}).out == one.out);
    }
    CHECK(call({"--version"}).out == "kontor 0.1.0\n");
    const Ran nothing = call({});
    CHECK(nothing.exit == 2);
    CHECK(nothing.out.empty());
    CHECK(nothing.err == all.out);
}

TEST_CASE("wrong usage has the exit status 2 and says what was probably meant") {
    const auto wrong = [](const std::vector<std::string>& words) {
        const Ran ran = call(words);
        CHECK(ran.exit == 2);
        CHECK(ran.out.empty());
        return ran.err;
    };
    CHECK(wrong({"fel", "1"}) == "kontor: error: there is no command fel\n  did you mean `feel`?\n");
    CHECK(wrong({"feel", "1", "--jason"}) == "kontor: error: `kontor feel` has no option --jason\n  did you mean `--json`?\n");
    CHECK_THAT(wrong({"feel", "1", "-x"}), Contains("no option -x"));
    CHECK_THAT(wrong({"feel", "1", "--context"}), Contains("--context needs a value: --context JSON|@FILE"));
    CHECK_THAT(wrong({"feel", "1", "--context", "--json"}), Contains("--context needs a value"));
    CHECK_THAT(wrong({"feel", "1", "--json=yes"}), Contains("--json takes no value"));
    CHECK_THAT(wrong({"feel", "1", "--json", "--json"}), Contains("--json stands twice"));
    CHECK_THAT(wrong({"feel"}), Contains("EXPR is missing"));
    CHECK(wrong({"resume", "4711"}) ==
          "kontor: error: --by is missing\n  for example --by alice, or --by alice:commercial,risk with groups\n");
    CHECK_THAT(wrong({"cancel", "4711", "--by", "alice"}), Contains("--reason is missing"));
    CHECK_THAT(wrong({"resume", "4711", "--store", "memory:", "--by", ":sales"}), Contains("--by names nobody"));
    CHECK_THAT(wrong({"feel", "1", "2"}), Contains("one argument too many: 2"));
    CHECK_THAT(wrong({"feel", std::string(100'000, '-')}), Contains("has no option"));
    CHECK_THAT(wrong({"\x1b[31m", "x"}), Contains("\\u{1B}[31m"));
    CHECK_THAT(wrong({"schema", "proces"}), Contains("did you mean `process`?"));
}

TEST_CASE("what looks like an option may be an operand") {
    CHECK(call({"feel", "-1"}).out == "-1\n");
    CHECK(call({"feel", "--", "-1"}).out == "-1\n");
    CHECK(call({"feel", "-x", "--", "1"}).exit == 2);
    CHECK(call({"feel", "--context={a: 2}", "a"}).out == "2\n");
}

TEST_CASE("streams that break") {
    const Ran full = shell("$K feel 1 >/dev/full");
    CHECK(full.exit == 3);
    CHECK_THAT(full.err, Contains("the standard output cannot be written"));
    // A reader that goes away ends the program silently, as in every pipeline.
    const Ran pipe = shell("$K run workflows/consumer-credit/consumer-credit.yaml --each examples/data/german-credit.csv --json | head -1 | wc -l; "
                           "echo ${PIPESTATUS[0]}");
    CHECK_THAT(pipe.out, StartsWith("1\n"));
    CHECK(pipe.err.empty());
}

TEST_CASE("schemas are JSON") {
    for (const char* kind : {"process", "decision", "types", "test", "mocks"}) {
        const Ran ran = call({"schema", kind});
        CHECK(ran.exit == 0);
        CHECK(ran.json().contains("$schema"));
    }
    CHECK(call({"schema"}).out == call({"schema", "process"}).out);
}

TEST_CASE("the reference page shows the help as it is") {
    const std::string page = read(KONTOR_SOURCE_DIR "/docs/reference/command-line.md");
    CHECK_THAT(page, Contains("```text\n" + call({"--help"}).out + "```"));
    for (const char* name : all_commands)
        CHECK_THAT(page, Contains("```text\n" + call({name, "--help"}).out + "```"));
}

/// `run`: one instance, told or as JSON.
#include "cli/program.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kontor::cli::test;
using kontor::Value;
using kontor::Variables;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

namespace {

const std::string order = R"(kontor: 1
process: order
timeZone: Europe/Paris
variables:
  item:   { type: string, required: true }
  client: { type: string, sensitive: true }
  hold:   { type: any }
  opinion: { type: any }
services:
  goods.*: { contract: idempotent }
messages:
  paid: { correlationKey: = item }
flow:
  - startEvent: ordered
  - serviceTask: reserve
    service: goods.reserve
    input: { item: = item }
    output: hold
    compensation:
      serviceTask: release
      service: goods.release
  - userTask: review
    candidateGroups: [desk]
    form:
      ok: { type: boolean, required: true }
    output: opinion
  - exclusiveGateway: reviewed
    branches:
      - if: = opinion.ok
      - default: true
        next: undo
  - receiveTask: await-payment
    message: paid
  - endEvent: delivered
paths:
  no:
    - intermediateThrowEvent: undo
      compensate: reserve
    - endEvent: refused
)";

const std::string mocks = R"(kontor: 1
mocks:
  start: 2026-03-02T09:00:00@Europe/Paris
  variables: { item: chair }
  services:
    goods.reserve: { after: PT2H, result: { shelf: "A 7" } }
  userTasks:
    review: { by: anna, after: PT22H, result: { ok: true } }
)";

/// The process, the mocks with a text replaced, and the program over both.
struct Bench {
    Folder folder;
    std::string process = folder.file("order.yaml", order);
    std::string mock = folder.file("order.mock.yaml", mocks);

    Ran run(std::vector<std::string> more = {}) const {
        std::vector<std::string> words{"run", process, "--mock", mock};
        words.insert(words.end(), more.begin(), more.end());
        return call(words);
    }
    void replace(const std::string& what, const std::string& by) {
        text.replace(text.find(what), what.size(), by);
        mock = folder.file("order.mock.yaml", text);
    }

private:
    std::string text = mocks;
};

}  // namespace

SCENARIO("a run is told as a path with virtual times") {
    const Ran ran = Bench{}.run({"--publish", "paid@chair"});
    CHECK(ran.err.empty());
    CHECK(ran.exit == 0);
    CHECK(ran.out ==
          "Monday 2026-03-02\n"
          "  09:00:00  order                         starts\n"
          "  09:00:00  reserve                       goods.reserve is called\n"
          "  11:00:00  reserve                       goods.reserve answers {shelf: \"A 7\"}\n"
          "  11:00:00  review                        waits for a person of desk\n"
          "Tuesday 2026-03-03\n"
          "  09:00:00  review                        done by anna: {ok: true}\n"
          "  09:00:00  reviewed                      goes on to await-payment\n"
          "  09:00:00  await-payment                 message paid arrives\n"
          "  09:00:00  delivered                     end\n"
          "\n"
          "completed at delivered after 1 day of virtual time\n"
          "variables\n"
          "  item     \"chair\"\n"
          "  hold     {shelf: \"A 7\"}\n"
          "  opinion  {ok: true}\n");
}

SCENARIO("a run that waits says for what, and that is not a failure") {
    const Ran ran = Bench{}.run({"--publish", "paid@table"});
    CHECK(ran.exit == 0);
    CHECK_THAT(ran.out, Contains("await-payment                 waits for message paid (key chair)"));
    CHECK_THAT(ran.out, Contains("waiting at await-payment after 1 day of virtual time\n  await-payment waits for the message paid with the key chair\n"));
}

SCENARIO("a compensation is told, and so is a retry") {
    Bench bench;
    bench.replace("result: { ok: true }", "result: { ok: false }");
    bench.replace("{ after: PT2H, result: { shelf: \"A 7\" } }", "[{ fails: 1 }, { result: {} }]\n    goods.release: { fails: 1, result: {} }");
    CHECK_THAT(bench.run().out, Contains("goods.reserve fails (the mock fails here), tried again at 2026-03-02 09:00:0"));
    const Ran ran = bench.run();
    CHECK(ran.exit == 0);
    CHECK_THAT(ran.out, Contains("undo                          undoes reserve\n"));
    CHECK_THAT(ran.out, Contains("release                       undoes reserve: goods.release is done\n"));
    CHECK_THAT(ran.out, Contains("completed at refused"));
}

SCENARIO("events as JSON lines, the result last") {
    const auto lines = Bench{}.run({"--json", "--publish", "paid={\"amount\": 1.00}"}).json_lines();
    REQUIRE(lines.size() > 10);
    CHECK(lines.front().at("event") == Value{"instanceStarted"});
    for (std::size_t i = 0; i + 1 < lines.size(); ++i)
        for (const char* name : {"position", "at", "event", "instance", "process"}) CHECK(lines[i].contains(name));
    const auto activated = std::find_if(lines.begin(), lines.end(), [](const Variables& line) { return line.at("event") == Value{"elementActivated"}; });
    CHECK(activated->at("element") == Value{"ordered"});
    CHECK(activated->at("elementType") == Value{"startEvent"});
    CHECK(lines.back().at("event") == Value{"result"});
    CHECK(lines.back().at("status") == Value{"completed"});
    CHECK(lines.back().at("endEvent") == Value{"delivered"});
    CHECK(lines.back().at("variables").as<Variables>().at("hold") == Value{Variables{{"shelf", "A 7"}}});
}

SCENARIO("sensitive variables are masked unless asked for") {
    const Bench bench;
    const std::vector<std::string> vars{"--vars", "{client: \"Ana\"}"};
    CHECK(bench.run(vars).out.find("Ana") == std::string::npos);
    CHECK(bench.run({"--json", vars[0], vars[1]}).out.find("Ana") == std::string::npos);
    CHECK_THAT(bench.run({"--unmasked", vars[0], vars[1]}).out, Contains("  client   \"Ana\"\n"));
    CHECK_THAT(bench.run({"--json", "--unmasked", vars[0], vars[1]}).out, Contains("\"client\":\"Ana\""));
}

SCENARIO("what the mock file does not name completes at once with nothing") {
    Folder folder;
    const Ran ran = call({"run", folder.file("order.yaml", order), "--vars", "{\"item\": \"chair\"}"});
    CHECK(ran.exit == 0);
    // The form wants a field, so nobody can complete it with nothing; that is said.
    CHECK_THAT(ran.out, Contains("waiting at review") && Contains("the completion of review was refused: the form of review needs the field ok"));
}

SCENARIO("an incident is the answer no") {
    Bench bench;
    bench.replace("{ after: PT2H, result: { shelf: \"A 7\" } }", "{ error: NO_SHELF }");
    const Ran ran = bench.run();
    CHECK(ran.exit == 1);
    CHECK_THAT(ran.out, Contains("incident after") && Contains("incident at reserve: ") && Contains("NO_SHELF"));
    CHECK(bench.run({"--json"}).json_lines().back().at("status") == Value{"incident"});
}

SCENARIO("a file with several processes") {
    Folder folder;
    const std::string file = folder.file("trade.yaml",
                                         "kontor: 1\ncollaboration: trade\nprocesses:\n"
                                         "  - process: bank\n    variables: { account: { type: string, default: A-1 } }\n"
                                         "    messages: { asked: { correlationKey: = account } }\n    flow:\n      - startEvent: open\n"
                                         "      - receiveTask: wait\n        message: asked\n      - endEvent: closed\n"
                                         "  - process: client\n    flow:\n      - startEvent: begin\n      - endEvent: done\n");
    const Ran none = call({"run", file});
    CHECK(none.exit == 2);
    CHECK_THAT(none.err, Contains("several processes") && Contains("bank, client"));
    const Ran ran = call({"run", file, "--process", "client", "--with", "bank", "--publish", "asked@A-1"});
    CHECK(ran.exit == 0);
    CHECK_THAT(ran.out, Contains("  bank                          starts\n") && Contains("  client                        starts\n"));
    CHECK_THAT(ran.out, Contains("  bank: closed                  end\n") && Contains("completed at done"));
}

SCENARIO("a mock file that does not fit is told") {
    Bench bench;
    bench.replace("goods.reserve", "goods.reserv");
    bench.replace("{ ok: true }", "'= { ok: input.nothing }'");
    const Ran ran = bench.run();
    CHECK_THAT(ran.err, Contains("order.mock.yaml:6:19: warning: no element calls the service `goods.reserv` [unknown-service]\n  did you mean `goods.reserve`?"));
    CHECK_THAT(ran.err, Contains("order.mock.yaml:8:47: warning: "));
}

SCENARIO("what cannot start says why") {
    const Bench bench;
    const auto refused = [&](std::vector<std::string> words, int exit) {
        const Ran ran = bench.run(std::move(words));
        CHECK(ran.exit == exit);
        CHECK(ran.out.empty());
        return ran.err;
    };
    CHECK_THAT(refused({"--vars", "{itme: 1}"}, 1), Contains("declares no variable itme"));
    CHECK_THAT(refused({"--vars", "{item: 1}"}, 1), Contains("item"));
    CHECK_THAT(refused({"--vars", "{item: }"}, 2), Contains("--vars:1:8: "));
    CHECK_THAT(refused({"--process", "ordre"}, 2), Contains("holds no process ordre") && Contains("it holds order"));
    CHECK_THAT(refused({"--with", "x"}, 2), Contains("holds no process x"));
    CHECK_THAT(refused({"--publish", "piad"}, 2), Contains("has a message piad") && Contains("did you mean `paid`?"));
    CHECK_THAT(refused({"--publish", "=1"}, 2), Contains("names no message"));
    CHECK_THAT(refused({"--publish", "paid={"}, 2), Contains("--publish"));
    CHECK_THAT(refused({"--compare", "x"}, 2), Contains("--compare needs --each"));
    CHECK(call({"run", "nothing.yaml"}).exit == 3);
    CHECK(call({"run", bench.process, "--mock", "nothing.yaml"}).exit == 3);
    const Ran wrong = call({"run", bench.folder.file("wrong.yaml", "kontor: 1\nprocess: p\nflow:\n  - startEvnt: a\n")});
    CHECK(wrong.exit == 1);
    CHECK_THAT(wrong.err, Contains("wrong.yaml:4:5: error: ") && Contains("holds no process that can run"));
    CHECK(call({"run", bench.process, "--mock", bench.folder.file("wrong.mock.yaml", "kontor: 1\nmocks: { servces: {} }\n")}).exit == 1);
}

SCENARIO("a process that only a message starts") {
    Folder folder;
    const std::string file = folder.file("p.yaml",
                                         "kontor: 1\nprocess: p\nvariables: { who: { type: string } }\nmessages: { asked: {} }\nflow:\n"
                                         "  - startEvent: asked-for\n    message: asked\n    output: { who: = result.who }\n  - endEvent: done\n");
    const Ran ran = call({"run", file, "--publish", "asked={\"who\": \"Zoë\"}"});
    CHECK(ran.exit == 0);
    CHECK_THAT(ran.out, EndsWith("  who  \"Zoë\"\n"));
    const Ran nothing = call({"run", file});
    CHECK(nothing.exit == 2);
    CHECK_THAT(nothing.err, Contains("only a message starts the process p"));
}

SCENARIO("something that repeats for ever ends, and says so") {
    Folder folder;
    const std::string file = folder.file("p.yaml",
                                         "kontor: 1\nprocess: p\nmessages: { never: {} }\nflow:\n  - startEvent: a\n  - receiveTask: wait\n    message: never\n"
                                         "    boundaryEvents:\n      - timer: R/PT1S\n        interrupting: false\n        flow:\n          - endEvent: tick\n"
                                         "  - endEvent: b\n");
    const Ran ran = call({"run", file, "--json"});
    CHECK(ran.exit == 0);
    CHECK_THAT(ran.out, Contains("\"status\":\"waiting\"") && Contains("stopped after 100000 commands"));
}

SCENARIO("real time takes as long as the process does") {
    Folder folder;
    const std::string file = folder.file("p.yaml", "kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n  - intermediateCatchEvent: pause\n    timer: PT1S\n  - endEvent: b\n");
    const Ran ran = shell("time $K run " + file + " --real-time");
    CHECK(ran.exit == 0);
    CHECK(ran.err.find("real\t0m0") == std::string::npos);
}

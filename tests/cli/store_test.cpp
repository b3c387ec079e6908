/// Commands that work on a store: an operator's day, from the deployment to the audit.
#include "cli/program.hpp"

#include <kontor/value.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

using namespace kontor;
using namespace kontor::cli::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

constexpr const char* order = R"(kontor: 1
process: order
variables:
  item: { type: string, required: true }
  card: { type: string, sensitive: true }
  note: { type: string }
services:
  "stock.*": { contract: idempotent }
  account.block: { contract: unsafe }
messages:
  paid: { correlationKey: = item }
flow:
  - startEvent: placed
  - userTask: review
    candidateGroups: [sales]
    form: { note: { type: string, required: true } }
    output: { note: = result.note }
  - intermediateCatchEvent: wait-for-payment
    message: paid
  - serviceTask: block
    service: account.block
  - serviceTask: deliver
    service: stock.deliver
  - endEvent: delivered
)";

/// A store with the process, and `kontor` on it.
struct Shop {
    Folder folder;
    std::string url = "sqlite:" + folder.path("shop.db");
    std::string file = folder.file("order.yaml", order);

    [[nodiscard]] Ran kontor(std::vector<std::string> words) const {
        words.insert(words.end(), {"--store", url});
        return call(words);
    }
    [[nodiscard]] Variables json(std::vector<std::string> words) const {
        words.emplace_back("--json");
        const Ran ran = kontor(words);
        INFO(ran.err);
        REQUIRE(ran.exit == 0);
        return ran.json();
    }
    void deploy() const { REQUIRE(kontor({"deploy", file}).exit == 0); }
    [[nodiscard]] std::string start(const std::string& item) const {
        return json({"start", "order", "--vars", "{\"item\": \"" + item + "\", \"card\": \"4242\"}", "--key", item}).get<std::string>("instance");
    }
    [[nodiscard]] Variables first(const std::string& list) const { return json({list}).get<List>(list)[0].as<Variables>(); }
};

}  // namespace

SCENARIO("deploy: all or nothing, the same content keeps its version") {
    const Shop shop;
    const Ran first = shop.kontor({"deploy", shop.file});
    CHECK(first.exit == 0);
    CHECK(first.out == "order version 1: deployed\n");
    CHECK(shop.kontor({"deploy", shop.file}).out == "order version 1: unchanged\n");
    const auto wrong = shop.folder.file("wrong.yaml", "kontor: 1\nprocess: wrong\nflow:\n  - startEvent: a\n  - serviceTask: b\n");
    const Ran refused = shop.kontor({"deploy", shop.file, wrong});
    CHECK(refused.exit == 1);
    CHECK_THAT(refused.err, Contains("wrong.yaml:5:") && Contains("nothing was deployed"));
    CHECK_FALSE(shop.kontor({"deploy", wrong, "--json"}).json().get<List>("problems").empty());
    CHECK(shop.kontor({"start", "wrong"}).exit == 1);
    CHECK(shop.kontor({"deploy", shop.folder.path("nothing.yaml")}).exit == 3);
}

SCENARIO("a backup is read as it is, refused as a store, and goes on when it has been looked after") {
    const Shop shop;
    shop.deploy();
    const std::string chair = shop.start("chair"), backup = shop.folder.path("backup.db");
    CHECK(shop.kontor({"store", "backup"}).exit == 2);
    CHECK(shop.json({"store", "backup", backup}).get<int>("bytes") > 0);
    CHECK(shop.kontor({"store", "backup", backup}).exit == 3);   // it is there
    CHECK(call({"store", "backup", shop.folder.path("other.db"), "--store", "postgresql://nobody@127.0.0.1/none"}).exit == 2);
    const std::string lost = shop.start("lamp");

    const auto on_copy = [&](std::vector<std::string> words) {
        words.insert(words.end(), {"--store", "sqlite:" + backup});
        return call(words);
    };
    CHECK_THAT(on_copy({"list"}).out, Contains("chair") && !Contains("lamp"));
    const Ran refused = on_copy({"start", "order", "--vars", "{item: \"table\"}"});
    CHECK(refused.exit == 3);
    CHECK_THAT(refused.err, Contains("is a backup") && Contains("kontor store restored"));
    CHECK_THAT(on_copy({"store", "restored"}).out, StartsWith("1 instances have not ended"));
    CHECK_THAT(on_copy({"explain", chair}).out, Contains("find out what it did after the backup"));
    const Ran table = on_copy({"start", "order", "--vars", "{item: \"table\"}", "--json"});
    REQUIRE(table.exit == 0);
    CHECK(table.json().get<std::string>("instance") != lost);
    CHECK(on_copy({"show", lost}).exit == 1);   // and not the table
    CHECK_THAT(on_copy({"retry", "--all", "--kind", "restored", "--by", "bob"}).out, StartsWith("1 retried, 0 refused"));
    CHECK_THAT(on_copy({"incidents"}).out, !Contains("restored"));
    CHECK(on_copy({"store", "check"}).exit == 0);
    CHECK(on_copy({"audit", "verify"}).exit == 0);
    CHECK(call({"store", "restored", "--store", "sqlite:" + shop.folder.path("nowhere.db")}).exit == 3);
    CHECK_FALSE(std::filesystem::exists(shop.folder.path("nowhere.db")));
}

SCENARIO("retry --all resolves what fits, and tells what was refused") {
    const Shop shop;
    shop.deploy();
    for (const char* item : {"a", "b", "c"}) (void)shop.start(item);
    REQUIRE(shop.kontor({"store", "restored"}).exit == 0);
    CHECK(shop.json({"incidents", "--kind", "restored"}).get<List>("incidents").size() == 3);
    CHECK(shop.json({"incidents", "--kind", "deadlock"}).get<List>("incidents").size() == 0);
    CHECK(shop.kontor({"retry", "--by", "bob"}).exit == 2);
    CHECK(shop.kontor({"retry", "4711", "--all", "--by", "bob"}).exit == 2);
    CHECK(shop.kontor({"retry", "4711", "--kind", "restored", "--by", "bob"}).exit == 2);
    const Ran refused = shop.kontor({"retry", "--all", "--by", "bob", "--vars", "{note: 7}", "--json"});   // a note is a text
    CHECK(refused.exit == 1);
    CHECK(refused.json().get<int>("retried") == 0);
    CHECK(refused.json().get<List>("refused").size() == 3);
    CHECK(shop.json({"retry", "--all", "--process", "other", "--by", "bob"}).get<int>("retried") == 0);
    const std::string instance = shop.first("incidents").get<std::string>("instance");
    CHECK(shop.json({"retry", "--all", "--instance", instance, "--by", "bob"}).get<int>("retried") == 1);
    CHECK_THAT(shop.kontor({"retry", "--all", "--process", "order", "--kind", "restored", "--by", "bob"}).out, StartsWith("2 retried, 0 refused"));
}

SCENARIO("store drop takes the journals of months whose instances have all ended") {
    const Shop shop;
    shop.deploy();
    const std::string running = shop.start("chair");
    CHECK(shop.kontor({"store", "drop"}).exit == 2);
    CHECK(shop.kontor({"store", "drop", "--before", "2026-13"}).exit == 2);
    CHECK(shop.kontor({"store", "drop", "--before", "1990-01"}).out == "nothing that old is there\n");
    const Variables kept = shop.json({"store", "drop", "--before", "9999-01"});
    CHECK(kept.get<List>("kept").size() == 1);
    CHECK(shop.kontor({"cancel", running, "--by", "bob", "--reason", "no more"}).exit == 0);
    const Variables dropped = shop.json({"store", "drop", "--before", "9999-01"});
    CHECK(dropped.get<List>("kept").size() == 0);
    REQUIRE(dropped.get<List>("dropped").size() == 1);
    CHECK(dropped.get<List>("dropped")[0].as<Variables>().get<int>("instances") == 1);
    CHECK(shop.json({"audit", "verify"}).get<int>("dropped") == 1);
    CHECK(shop.kontor({"store", "check"}).exit == 0);
}

SCENARIO("deploy finds the decisions that a process asks beside it") {
    const Shop shop;
    CHECK(shop.kontor({"deploy", "workflows/home-loan/home-loan.yaml"}).out == "home-loan version 1: deployed\n");
    CHECK(shop.kontor({"deploy", "workflows/consumer-credit/consumer-credit.yaml"}).exit == 0);
}

SCENARIO("an instance from its start to the call of a service") {
    const Shop shop;
    shop.deploy();
    const std::string key = shop.start("chair");
    const Ran twice = shop.kontor({"start", "order", "--vars", "{item: \"table\"}", "--request-id", "r-1"});
    CHECK_THAT(twice.out, StartsWith("order ") && Contains("review  waits for a person of sales"));
    CHECK_THAT(shop.kontor({"start", "order", "--vars", "{item: \"table\"}", "--request-id", "r-1"}).out, StartsWith("started before"));
    CHECK(shop.kontor({"start", "order"}).exit == 1);

    const auto task = shop.json({"tasks", "--instance", key}).get<List>("tasks")[0].as<Variables>();
    CHECK(task.get<std::string>("element") == "review");
    const auto task_key = task.get<std::string>("key");
    CHECK(shop.kontor({"complete", task_key, "--by", "mallory:visitors", "--vars", "{note: \"x\"}"}).exit == 1);
    CHECK(shop.kontor({"complete", task_key, "--by", "alice:sales", "--vars", "{}"}).exit == 1);
    CHECK(shop.kontor({"complete", task_key, "--vars", "{}"}).exit == 2);
    CHECK(shop.kontor({"assign", task_key, "alice", "--by", "bob"}).exit == 0);
    CHECK(shop.json({"tasks", "--assignee", "alice"}).get<List>("tasks").size() == 1);
    CHECK_THAT(shop.kontor({"complete", task_key, "--by", "alice:sales", "--vars", "{note: \"fine\"}"}).out,
               Contains("wait-for-payment  waits for message paid (key chair)"));
    CHECK(shop.kontor({"complete", task_key, "--by", "alice:sales", "--vars", "{note: \"fine\"}"}).exit == 1);

    CHECK(shop.kontor({"publish", "paid@nobody"}).exit == 1);
    CHECK(shop.json({"publish", "paid@chair={\"amount\": 100}"}).get<std::string>("published") == "correlated");
    const Ran shown = shop.kontor({"show", key});
    CHECK_THAT(shown.out, Contains("block  waits for the call of service account.block, attempt 1") && Contains("card  ***") && !Contains("4242"));
    CHECK(shop.json({"show", key}).get<Variables>("variables").get<std::string>("card") == "***");
    const auto why = shop.json({"explain", key}).get<List>("waits")[0].as<Variables>();
    CHECK(why.get<std::string>("for") == "service");
    CHECK(why.contains("since"));

    const Ran told = shop.kontor({"history", key});
    CHECK_THAT(told.out, Contains("done by alice: {note: \"fine\"}") && Contains("message paid arrives") && !Contains("4242"));
    Ran events = shop.kontor({"history", key, "--json"});
    const auto lines = events.json_lines();
    CHECK(lines.front().get<std::string>("event") == "instanceStarted");
    CHECK_THAT(events.out, !Contains("4242"));

    CHECK(shop.json({"list"}).get<List>("instances").size() == 2);
    CHECK(shop.json({"list", "--key", "chair"}).get<List>("instances").size() == 1);
    const auto page = shop.json({"list", "--limit", "1"});
    CHECK(shop.json({"list", "--limit", "1", "--after", page.get<std::string>("next")}).find("next")->is_null());
    CHECK_THAT(shop.kontor({"list"}).out, StartsWith("KEY"));
    CHECK(shop.kontor({"list", "--state", "runing"}).exit == 2);
}

SCENARIO("suspend, resume and cancel") {
    const Shop shop;
    shop.deploy();
    const std::string key = shop.start("chair");
    CHECK_THAT(shop.kontor({"suspend", key, "--by", "bob", "--reason", "audit"}).out, Contains(": suspended"));
    CHECK_THAT(shop.kontor({"explain", key}).out, Contains("nothing moves until `kontor resume"));
    CHECK(shop.kontor({"suspend", key, "--by", "bob"}).exit == 2);
    CHECK_THAT(shop.kontor({"resume", key, "--by", "bob"}).out, Contains(": running"));
    CHECK_THAT(shop.kontor({"cancel", key, "--by", "bob", "--reason", "the client withdrew"}).out, Contains(": cancelled"));
    CHECK(shop.kontor({"cancel", key, "--by", "bob", "--reason", "again"}).exit == 1);
    CHECK_THAT(shop.kontor({"show", key}).out, Contains("because: \"the client withdrew\""));
    CHECK_THAT(shop.kontor({"explain", key}).out, Contains("it has ended"));
}

SCENARIO("stores that are not there, not named, or owned by somebody else") {
    const Shop shop;
    CHECK(call({"list"}).exit == 2);
    CHECK(call({"list", "--store", "loans.db"}).exit == 2);
    CHECK(call({"list", "--store", "memory:"}).exit == 2);
    CHECK(shop.kontor({"list"}).exit == 3);
    CHECK(shop.kontor({"start", "order"}).exit == 3);   // and nothing was made
    CHECK(shop.kontor({"list"}).exit == 3);
    shop.deploy();
    CHECK(shop.kontor({"show", "12345"}).exit == 1);
    CHECK(shop.kontor({"show", "chair"}).exit == 2);
    CHECK(shell("KONTOR_STORE=" + shop.url + " $K list").out == "no instances\n");
    const Ran owned = shell("$K serve --store " + shop.url + " 2>$K.log & pid=$!; for i in $(seq 300); do grep -q serving $K.log && break; sleep 0.02; done; "
                            "$K start order --vars '{item: \"x\"}' --store " + shop.url + "; echo $?; $K list --store " + shop.url +
                            "; kill -TERM $pid; wait $pid; echo $?; cat $K.log; rm $K.log");
    CHECK_THAT(owned.err, Contains("is owned by process "));
    CHECK_THAT(owned.out, StartsWith("3\nno instances\n0\n") && Contains("nobody carries out service account.block") && Contains("SIGTERM"));
}

SCENARIO("serve calls services over HTTP, and a person settles an unknown outcome") {
    const Shop shop;
    shop.deploy();
    const std::string key = shop.start("chair");
    const auto task = shop.first("tasks").get<std::string>("key");
    REQUIRE(shop.kontor({"complete", task, "--by", "alice:sales", "--vars", "{note: \"fine\"}"}).exit == 0);
    REQUIRE(shop.kontor({"publish", "paid@chair"}).exit == 0);
    // `account.block` breaks the connection after the call, once; `stock.deliver` answers.
    const auto server = shop.folder.file("server.py", R"(
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get('Content-Length', 0)))
        if 'block' in self.path: return self.connection.close()
        body = b'{"done": true}'
        self.send_response(200); self.send_header('Content-Length', str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *args): pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
open(sys.argv[1], 'w').write(str(server.server_address[1])); server.serve_forever()
)");
    const auto served = [&](const std::string& until) {
        const std::string log = shop.folder.path("log"), port = shop.folder.path("port");
        return shell("python3 " + server + " " + port + " 2>/dev/null & web=$!; for i in $(seq 300); do test -s " + port + " && break; sleep 0.02; done; url=http://127.0.0.1:$(cat " + port + "); rm " + port +
                     "; $K serve " + shop.file + " --store " + shop.url + " --service account.block=$url --service 'stock.*='$url 2>" + log +
                     " & pid=$!; for i in $(seq 300); do $K " + until + " && break; sleep 0.05; done >/dev/null; kill -TERM $pid; wait $pid; echo $?; kill $web; cat " + log);
    };
    const Ran first = served("incidents --store " + shop.url + " | grep outcome-unknown");
    INFO(first.out << first.err);
    CHECK_THAT(first.out, StartsWith("0\n") && Contains("order version 1 is unchanged"));
    CHECK_THAT(shop.kontor({"explain", key}).out, Contains("find out whether the call took effect"));
    const auto incident = shop.first("incidents").get<std::string>("key");
    CHECK(shop.kontor({"retry", incident, "--by", "bob"}).exit == 1);
    CHECK(shop.kontor({"retry", incident, "--by", "bob", "--took-effect", "perhaps"}).exit == 2);
    CHECK_THAT(shop.kontor({"retry", incident, "--by", "bob", "--took-effect", "yes"}).out, Contains("deliver  waits for the call of service stock.deliver"));
    const Ran second = served("list --state completed --store " + shop.url + " | grep order");
    INFO(second.out << second.err);
    CHECK_THAT(shop.kontor({"show", key}).out, Contains(": completed") && Contains("at \"delivered\""));
    CHECK(shop.kontor({"store", "check"}).exit == 0);
    CHECK(shop.json({"audit", "verify"}).get<List>("broken").empty());
}

SCENARIO("serve puts the engine on HTTP when it is asked to") {
    const Shop shop;
    shop.deploy();
    const auto client = shop.folder.file("client.py", R"(
import json, re, sys, urllib.request
url = re.search(r'listening at (\S+)', open(sys.argv[1]).read()).group(1)
def ask(path, body): return json.load(urllib.request.urlopen(urllib.request.Request(url + path, json.dumps(body).encode(), {'Idempotency-Key': 'k'})))
started = ask('/v2/process-instances', {'processDefinitionId': 'order', 'businessKey': 'B-9', 'variables': {'item': 'chair'}})
print(ask('/v2/process-instances', {'processDefinitionId': 'order', 'businessKey': 'B-9', 'variables': {'item': 'chair'}})['duplicate'])
print(json.load(urllib.request.urlopen(url + '/v2/process-instances/' + started['processInstanceKey']))['businessKey'])
)");
    const std::string log = shop.folder.path("log");
    const Ran ran = shell("$K serve --store " + shop.url + " --listen 127.0.0.1:0 2>" + log + " & pid=$!; for i in $(seq 300); do grep -q serving " + log +
                          " && break; sleep 0.02; done; python3 " + client + " " + log + "; kill -TERM $pid; wait $pid; echo $?");
    INFO(read(log) << ran.err);
    CHECK(ran.out == "True\nB-9\n0\n");
    CHECK(shop.kontor({"serve", "--listen", "nowhere"}).exit == 2);
}

SCENARIO("serve refuses services that nobody carries out") {
    const Shop shop;
    const Ran ran = shop.kontor({"serve", shop.file, "--service", "stock.*=http://127.0.0.1:1"});
    CHECK(ran.exit == 1);
    CHECK_THAT(ran.err, Contains("account.block") && Contains("--service 'NAME=URL'"));
    CHECK(shop.kontor({"serve", "--service", "stock"}).exit == 2);
    CHECK(shop.kontor({"serve", "--service", "stock=nowhere"}).exit == 2);
    CHECK(shop.kontor({"serve", "--grace", "soon"}).exit == 2);
}

SCENARIO("a database that somebody has written to is found out") {
    const Shop shop;
    shop.deploy();
    (void)shop.start("chair");
    (void)shop.start("table");
    CHECK_THAT(shop.kontor({"audit", "verify"}).out, Contains("2 instances, 2 rows: every chain is whole"));
    CHECK(shop.kontor({"audit", "verify"}).exit == 0);
    CHECK_THAT(shop.kontor({"store", "check"}).out, Contains("every derived row is what the journal says"));
    const auto sql = [&](const std::string& statement) {
        const auto script = shop.folder.file("sql.py", "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()\n");
        const Ran ran = shell("python3 " + script + " " + shop.folder.path("shop.db") + " \"" + statement + "\"");
        INFO(ran.err);
        REQUIRE(ran.exit == 0);
    };
    SECTION("a derived row") {
        sql("delete from task");
        const Ran ran = shop.kontor({"store", "check"});
        CHECK(ran.exit == 1);
        CHECK_THAT(ran.out, Contains("the row is missing") && Contains("2 differences"));
        CHECK(shop.kontor({"store", "check", "--json"}).json().get<List>("differences").size() == 2);
        CHECK(shop.kontor({"audit", "verify"}).exit == 0);
    }
    SECTION("the journal") {
        sql("update journal set bytes = cast(replace(cast(bytes as text), 'chair', 'chain') as blob) where instr(bytes, 'chair') > 0");
        const Ran ran = shop.kontor({"audit", "verify", "--json"});
        CHECK(ran.exit == 1);
        const auto broken = ran.json().get<List>("broken");
        REQUIRE(broken.size() == 1);
        CHECK(broken[0].as<Variables>().contains("position"));
    }
    SECTION("rows of the journal are gone") {
        sql("delete from journal");
        CHECK_THAT(shop.kontor({"audit", "verify"}).out, Contains("all of its 1 rows are missing"));
        CHECK(shop.kontor({"store", "check"}).exit == 1);
    }
    CHECK(shop.kontor({"audit", "look"}).exit == 2);
    CHECK(shop.kontor({"store", "look"}).exit == 2);
}

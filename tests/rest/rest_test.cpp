// The engine over HTTP.
#include "value/json.hpp"
#include "web/client.hpp"

#include <kontor/kontor.hpp>
#include <kontor/rest.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace kontor;
using namespace std::chrono_literals;
using web::test::ask;
using web::test::Client;
using web::test::Got;

namespace {

constexpr const char* review = R"(kontor: 1
process: review
variables:
  amount: { type: number, required: true }
  owner: { type: string, sensitive: true }
  opinion: { type: any }
messages:
  withdrawn: { correlationKey: = string(amount) }
flow:
  - startEvent: asked
  - userTask: decide
    candidateGroups: [risk]
    input: { amount: = amount }
    form: { ok: { type: boolean, required: true }, note: { type: any } }
    output: opinion
  - endEvent: decided
eventSubProcesses:
  - message: withdrawn
    flow:
      - endEvent: taken-back
)";

/// An engine in memory with the process deployed, and its server.
struct World {
    Engine engine{{.store = memory()}};
    RestServer server;

    explicit World(RestOptions options = {.listen = "127.0.0.1:0"}) : server{engine, known_as_test(std::move(options))} {
        engine.deploy({yaml_text(review, "review.yaml")});
        engine.run();
    }
    [[nodiscard]] Got call(const std::string& method, const std::string& target, const std::string& body = {}, const std::string& headers = {}) const {
        return ask(server.port(), method, target, body, headers);
    }
    static RestOptions known_as_test(RestOptions options) { return options.hosts = {"test"}, options; }   // what clients of this test call it
    [[nodiscard]] static Variables json_of(const Got& got) { return json::parse(got.body).as<Variables>(); }
    [[nodiscard]] std::string start(const std::string& headers = {}) const {
        const Got got = call("POST", "/v2/process-instances",
                             R"({"processDefinitionId": "review", "businessKey": "B-1", "variables": {"amount": 100.00, "owner": "Ann"}})", headers);
        INFO(got.body);
        REQUIRE(got.status == 200);
        return json_of(got).get<std::string>("processInstanceKey");
    }
};

}  // namespace

SCENARIO("a client starts an instance, finds its task, completes it, and reads what happened") {
    World world;
    const std::string key = world.start();
    const Variables shown = World::json_of(world.call("GET", "/v2/process-instances/" + key));
    CHECK(shown.get<std::string>("state") == "ACTIVE");
    CHECK(shown.get<std::vector<std::string>>("elements") == std::vector<std::string>{"decide", "review.withdrawn.start"});
    CHECK(World::json_of(world.call("GET", "/v2/process-instances/" + key + "/variables")).get<std::string>("owner") == "***");

    const Got found = world.call("POST", "/v2/user-tasks/search", R"({"filter": {"candidateGroup": "risk"}})");
    const auto tasks = World::json_of(found).get<std::vector<Variables>>("items");
    REQUIRE(tasks.size() == 1);
    CHECK(tasks[0].get<std::string>("elementId") == "decide");
    const std::string task = tasks[0].get<std::string>("userTaskKey");
    CHECK(world.call("GET", "/v2/user-tasks/" + task + "/variables").body == R"({"amount":100.00})");

    CHECK(world.call("POST", "/v2/user-tasks/" + task + "/completion", R"({"variables": {"ok": true}})", "Kontor-Actor: bob:sales\r\n").status == 403);
    CHECK(world.call("POST", "/v2/user-tasks/" + task + "/completion", R"({"variables": {"ok": "yes"}})", "Kontor-Actor: ann:risk\r\n").status == 400);
    CHECK(world.call("POST", "/v2/user-tasks/" + task + "/completion", R"({"variables": {"ok": true}})", "Kontor-Actor: ann:risk\r\n").status == 204);
    CHECK(world.call("POST", "/v2/user-tasks/" + task + "/completion", R"({"variables": {"ok": true}})", "Kontor-Actor: ann:risk\r\n").status == 409);

    CHECK(World::json_of(world.call("GET", "/v2/process-instances/" + key)).get<std::string>("state") == "COMPLETED");
    const auto history = World::json_of(world.call("GET", "/v2/process-instances/" + key + "/history")).get<std::vector<Variables>>("items");
    CHECK(history.front().get<std::string>("event") == "instanceStarted");
    CHECK(history.back().get<std::string>("event") == "instanceCompleted");
}

SCENARIO("a repeated start with the same Idempotency-Key is one start") {
    World world;
    const std::string key = world.start("Idempotency-Key: web-7\r\n");
    CHECK(world.start("Idempotency-Key: web-7\r\n") == key);
    const Got other = world.call("POST", "/v2/process-instances", R"({"processDefinitionId": "review", "variables": {"amount": 1}})", "Idempotency-Key: web-7\r\n");
    CHECK(other.status == 409);
    CHECK(World::json_of(world.call("POST", "/v2/process-instances/search", "{}")).get<std::vector<Variables>>("items").size() == 1);
}

SCENARIO("lists come in pages") {
    World world;
    for (int i = 0; i < 5; ++i) (void)world.start();
    std::vector<Variables> found;
    Variables body{{"filter", Variables{{"processDefinitionId", "review"}, {"state", "running"}}}, {"page", Variables{{"limit", 2}}}};
    for (int pages = 0; pages < 10; ++pages) {
        const Variables page = World::json_of(world.call("POST", "/v2/process-instances/search", json::write(Value{body})));
        for (auto& item : page.get<std::vector<Variables>>("items")) found.push_back(item);
        const auto about = page.get<Variables>("page");
        if (!about.contains("endCursor")) break;
        body.set("page", Variables{{"limit", 2}, {"after", about.get<std::string>("endCursor")}});
    }
    CHECK(found.size() == 5);
}

SCENARIO("the variables of several instances come in one answer") {
    World world;
    const std::string first = world.start();
    const std::string second = world.start();
    const auto search = [&](const std::string& filter) { return world.call("POST", "/v2/variables/search", R"({"filter": {)" + filter + "}}"); };
    const auto both = R"("processInstanceKey": {"$in": [")" + first + R"(", ")" + second + R"("]})";

    const auto items = World::json_of(search(both + R"(, "name": {"$in": ["owner", "amount"]})")).get<std::vector<Variables>>("items");
    REQUIRE(items.size() == 4);
    for (const auto& item : items) {
        INFO(item.get<std::string>("name"));
        CHECK(item.get<std::string>("value") == (item.get<std::string>("name") == "amount" ? "100.00" : R"("***")"));
    }
    CHECK(items.front().get<std::string>("processInstanceKey") == first);
    CHECK(items.back().get<std::string>("processInstanceKey") == second);
    CHECK(World::json_of(search(R"("processInstanceKey": ")" + first + R"(", "name": "amount")")).get<std::vector<Variables>>("items").size() == 1);

    CHECK(search(R"("name": "amount")").status == 400);
    CHECK(search(R"("processInstanceKey": {"$neq": ")" + first + R"("})").status == 400);
    CHECK(search(R"("processInstanceKey": "1")").body == R"({"items":[],"page":{"hasMoreTotalItems":false}})");
    std::string many = "\"" + first + "\"";
    for (int i = 0; i < 200; ++i) many += ", \"" + first + "\"";
    CHECK(search(R"("processInstanceKey": {"$in": [)" + many + "]}").status == 400);
}

SCENARIO("messages are published, instances cancelled") {
    World world;
    const std::string key = world.start();
    const Got published = world.call("POST", "/v2/messages/publication", R"({"name": "withdrawn", "correlationKey": "100.00"})");
    CHECK(World::json_of(published).get<std::string>("outcome") == "correlated");
    CHECK(world.engine.wait_for(InstanceKey::parse(key), 10s));
    CHECK(world.call("POST", "/v2/process-instances/" + key + "/cancellation").status == 409);
    const std::string other = world.start();
    CHECK(world.call("POST", "/v2/process-instances/" + other + "/cancellation", R"({"reason": "a mistake"})").status == 204);
    CHECK(world.engine.find(InstanceKey::parse(other))->state == State::cancelled);
}

SCENARIO("an instance is suspended and resumed") {
    World world;
    const std::string key = world.start();
    const std::string path = "/v2/process-instances/" + key;
    CHECK(world.call("POST", path + "/suspension", R"({"reason": "an audit"})", "Kontor-Actor: ann:risk\r\n").status == 204);
    CHECK(World::json_of(world.call("GET", path)).get<std::string>("detailedState") == "suspended");
    CHECK(world.call("POST", path + "/suspension").status == 409);
    CHECK(world.call("POST", path + "/resumption").status == 204);
    CHECK(World::json_of(world.call("GET", path)).get<std::string>("detailedState") == "running");
    CHECK(world.call("POST", path + "/resumption").status == 409);
    CHECK(world.call("POST", "/v2/process-instances/123456/suspension").status == 404);
    CHECK(world.call("GET", path + "/history").body.find("an audit") != std::string::npos);
}

SCENARIO("incidents of one kind are tried again page by page, and found once each") {
    std::atomic<bool> well{false};
    Engine engine{{.store = memory(), .services = {{"work", [&](const ServiceCall&) -> kontor::Answer {
                       if (!well) throw Permanent{"the machine is broken"};
                       return Variables{};
                   }}}}};
    engine.deploy({yaml_text(R"(kontor: 1
process: repair
services:
  work: { contract: idempotent }
flow:
  - startEvent: asked
  - serviceTask: mend
    service: work
  - endEvent: mended
)", "repair.yaml")});
    engine.run();
    RestServer server{engine, World::known_as_test({.listen = "127.0.0.1:0"})};
    std::vector<InstanceKey> keys;
    for (int n = 0; n < 7; ++n) keys.push_back(engine.start({.process = "repair"}));
    while (engine.incidents({}).items.size() < 7) std::this_thread::yield();
    const auto call = [&](const std::string& path, const std::string& body) { return World::json_of(ask(server.port(), "POST", path, body)); };
    const auto count = [&](const std::string& filter) {
        return call("/v2/incidents/search", R"({"filter": {)" + filter + "}}").get<std::vector<Value>>("items").size();
    };
    const auto kind = engine.incidents({}).items[0].kind;
    CHECK(count(R"("elementId": "mend", "errorType": ")" + kind + "\"") == 7);
    CHECK(count(R"("errorType": "deadlock")") == 0);
    CHECK(count(R"("creationTime": {"$lt": "2020-01-01T00:00:00Z"})") == 0);
    CHECK(ask(server.port(), "POST", "/v2/incidents/search", R"({"filter": {"creationTime": "yesterday"}})").status == 400);

    std::uint64_t resolved = 0;
    Variables answer = call("/v2/incidents/resolution", R"({"filter": {"errorType": ")" + kind + R"("}, "page": {"limit": 3}})");
    for (;;) {
        resolved += answer.get<std::uint64_t>("resolved");
        CHECK(answer.get<std::vector<Value>>("refused").empty());
        const auto page = answer.get<Variables>("page");
        if (!page.get<bool>("hasMoreTotalItems")) break;
        answer = call("/v2/incidents/resolution", R"({"filter": {"creationTime": )" + json::write(answer.at("creationTime")) +
                                                      R"(}, "page": {"limit": 3, "after": ")" + page.get<std::string>("endCursor") + "\"}}");
    }
    CHECK(resolved == 7);   // and not those that have failed again since
    well = true;
    for (const auto key : keys)
        while (!engine.wait_for(key, 0s)) call("/v2/incidents/resolution", "{}");
}

SCENARIO("files are deployed, and what is wrong with them is told with its place") {
    World world;
    const auto form = [](const std::string& text) {
        return "--b\r\nContent-Disposition: form-data; name=\"resources\"; filename=\"p.yaml\"\r\n\r\n" + text + "\r\n--b--\r\n";
    };
    const std::string type = "Content-Type: multipart/form-data; boundary=b\r\n";
    const Got good = world.call("POST", "/v2/deployments", form("kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n  - endEvent: b\n"), type);
    INFO(good.body);
    CHECK(good.status == 200);
    CHECK(World::json_of(good).get<std::vector<Variables>>("deployments")[0].get<Variables>("processDefinition").get<std::string>("processDefinitionId") == "p");
    const Got bad = world.call("POST", "/v2/deployments", form("kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n  - endEvnt: b\n"), type);
    CHECK(bad.status == 400);
    const auto problems = World::json_of(bad).get<std::vector<Variables>>("problems");
    CHECK(std::any_of(problems.begin(), problems.end(), [](const Variables& p) { return p.get<int>("line") == 5 && p.get<std::string>("rule") == "unknown-element"; }));
    const Got reaching = world.call("POST", "/v2/deployments", form("kontor: 1\nprocess: p\ntypes: ../../../../etc/hostname\nflow:\n  - startEvent: a\n  - endEvent: b\n"), type);
    CHECK(reaching.status == 400);   // a text from the network reads no file of the server
    CHECK(world.call("POST", "/v2/deployments", "nothing", type).status == 400);
    CHECK(world.call("POST", "/v2/deployments", "{}", "Content-Type: application/json\r\n").status == 400);
}

SCENARIO("what cannot be answered is a problem that says why") {
    World world;
    const Got nothing = world.call("GET", "/v2/nothing");
    CHECK(nothing.status == 404);
    CHECK(nothing.head.find("application/problem+json") != std::string::npos);
    const Got method = world.call("PUT", "/v2/process-instances");
    CHECK(method.status == 405);
    CHECK(method.head.find("allow: POST\r\n") != std::string::npos);
    CHECK(world.call("GET", "/v2/process-instances/abc").status == 400);
    CHECK(world.call("GET", "/v2/process-instances/123456").status == 404);
    CHECK(world.call("POST", "/v2/process-instances", "{\"processDefinitionId\": ").status == 400);
    CHECK(world.call("POST", "/v2/process-instances", "[]").status == 400);
    CHECK(world.call("POST", "/v2/process-instances", R"({"processDefinitionId": "unknown"})").status == 404);
    CHECK(world.call("POST", "/v2/process-instances", R"({"processDefinitionId": "review"})").status == 400);
    CHECK(world.call("POST", "/v2/user-tasks/search", R"({"filter": {"colour": "red"}})").status == 400);
    CHECK(world.call("POST", "/v2/user-tasks/search", R"({"page": {"limit": 100000}})").status == 400);
    CHECK(world.call("GET", "/v2/status").status == 204);
    const Variables document = World::json_of(world.call("GET", "/openapi.json"));
    CHECK(document.get<Variables>("paths").contains("/v2/user-tasks/{key}/completion"));
}

namespace {

/// The first one.
std::string cursor_in(const std::string& stream) {
    const auto from = stream.find("id: ");
    return from == std::string::npos ? "" : stream.substr(from + 4, stream.find('\n', from) - from - 4);
}

}  // namespace

SCENARIO("changes are seen live, and a listener goes on where it was cut off") {
    World world;
    Client first{world.server.port()};
    first.send("GET /v2/events HTTP/1.1\r\nHost: test\r\n\r\n");
    const std::string at_first = cursor_in(first.until("\n\n"));
    REQUIRE_FALSE(at_first.empty());
    const std::string key = world.start();
    const std::string seen = first.until("event: taskCreated\n");
    CHECK(seen.find("event: instanceStarted\n") != std::string::npos);
    CHECK(seen.find(key) != std::string::npos);
    CHECK(seen.find("Ann") == std::string::npos);   // sensitive
    const std::string cursor = cursor_in(seen);
    first.close();

    Client second{world.server.port()};
    second.send("GET /v2/events HTTP/1.1\r\nHost: test\r\nLast-Event-ID: " + cursor + "\r\n\r\n");
    REQUIRE_FALSE(second.until("retry: ").empty());
    world.engine.cancel(InstanceKey::parse(key), {.reason = "done"});
    const std::string more = second.until("event: instanceCancelled\n");
    CHECK_FALSE(more.empty());
    CHECK(more.find("event: instanceStarted\n") == std::string::npos);
    CHECK(world.call("GET", "/v2/events", {}, "Last-Event-ID: nonsense\r\n").status == 400);

    Client cut_off_at_once{world.server.port()};
    cut_off_at_once.send("GET /v2/events HTTP/1.1\r\nHost: test\r\nLast-Event-ID: " + at_first + "\r\n\r\n");
    CHECK(cut_off_at_once.until("event: instanceCancelled\n").find("event: instanceStarted\n") != std::string::npos);
    Client late{world.server.port()};
    late.send("GET /v2/events?after=start HTTP/1.1\r\nHost: test\r\n\r\n");
    CHECK(late.until("event: instanceCancelled\n").find("event: instanceStarted\n") != std::string::npos);
}

SCENARIO("a host adds pages of its own") {
    RestOptions options{.listen = "127.0.0.1:0"};
    options.routes = {{"GET", "/", [](const RestRequest&) { return RestResponse{200, "text/html", "<h1>Loans</h1>"}; }},
                      {"GET", "/files/*", [](const RestRequest& r) -> RestResponse { throw Error{Code::not_found, r.path}; }}};
    World world{std::move(options)};
    CHECK(world.call("GET", "/").body == "<h1>Loans</h1>");
    CHECK(world.call("GET", "/files/a/b").status == 404);
}

SCENARIO("pages of other sites command nothing") {
    World world;
    const std::string start = R"({"processDefinitionId": "unknown"})";
    const auto status = [&](const std::string& headers) { return world.call("POST", "/v2/process-instances", start, headers).status; };
    CHECK(status("Origin: http://evil.example\r\n") == 403);
    CHECK(status("Origin: null\r\n") == 403);
    CHECK(status("Origin: http://test\r\n") == 404);   // the Host that the client of this test names
    CHECK(status("") == 404);
    Client rebound{world.server.port()};
    rebound.send("GET /v2/topology HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    CHECK(rebound.until("\r\n").find(" 403 ") != std::string::npos);
}

SCENARIO("an actor that is no text is refused, and the events of others go on") {
    World world;
    CHECK(world.call("POST", "/v2/process-instances", R"({"processDefinitionId": "review"})", "Kontor-Actor: \xff\xfe:risk\r\n").status == 400);
    CHECK(world.call("GET", "/%ff").status == 400);
}

SCENARIO("an actor without a name was taken for one who acts") {
    World world;
    const auto status = [&](const std::string& actor) {
        return world.call("POST", "/v2/process-instances", R"({"processDefinitionId": "unknown"})", "Kontor-Actor:" + actor + "\r\n").status;
    };
    CHECK(status(" :sales") == 400);
    CHECK(status("") == 400);
    CHECK(status(" ann:sales") == 404);   // there is no such process
}

SCENARIO("a value that is nested as deep as it may be stands in the history and in the stream") {
    World world;
    const std::string key = world.start();
    const std::string task = World::json_of(world.call("POST", "/v2/user-tasks/search")).get<std::vector<Variables>>("items").at(0).get<std::string>("userTaskKey");
    const std::string deep = std::string(62, '[') + std::string(62, ']');
    REQUIRE(world.call("POST", "/v2/user-tasks/" + task + "/completion", R"({"variables": {"ok": true, "note": )" + deep + "}}", "Kontor-Actor: ann:risk\r\n").status == 204);
    const Got history = world.call("GET", "/v2/process-instances/" + key + "/history");
    CHECK(history.status == 200);
    CHECK(history.body.find(deep) != std::string::npos);
    Client listener{world.server.port()};
    listener.send("GET /v2/events?after=start HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(listener.until("event: instanceCompleted\n").find("event: taskCompleted\n") != std::string::npos);
}

SCENARIO("an event that is larger than all that may wait is told, and the stream goes on") {
    World world;
    Client listener{world.server.port()};
    listener.send("GET /v2/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    REQUIRE_FALSE(listener.until("retry: ").empty());
    std::string blob;   // 300 KB, six times as much in JSON
    for (int i = 0; i < 300'000; ++i) blob += "\\u0001";
    const Got started = world.call("POST", "/v2/process-instances",
                                   R"({"processDefinitionId": "review", "variables": {"amount": 1, "opinion": ")" + blob + "\"}}");
    REQUIRE(started.status == 200);
    (void)world.start();
    CHECK_FALSE(listener.until("event: taskCreated\n").empty());
    CHECK_FALSE(listener.until("event: taskCreated\n").empty());
}

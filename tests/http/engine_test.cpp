// The engine calls over HTTP, and a connection breaks at the worst moment: what each contract makes of it.
#include "http/server.hpp"

#include <kontor/http.hpp>
#include <kontor/kontor.hpp>

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::literals;
using namespace kontor::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

std::string process_with(const std::string& contract) {
    return R"(kontor: 1
process: credit
variables:
  amount: { type: number, default: 250000.00 }
  rate: { type: any }
services:
  credit.check: { contract: )" + contract + R"( }
flow:
  - startEvent: asked
  - serviceTask: check
    service: credit.check
    input: { amount: = amount }
    output: { rate: = result.rate }
    retry: { attempts: 3, backoff: PT0.02S }
    boundaryEvents:
      - error: LIMIT
        next: refused
  - endEvent: granted
paths:
  refuse:
    - endEvent: refused
)";
}

/// A service that takes effect and closes the connection instead of answering, the first time.
struct Forgetful {
    std::string then = answer(200, R"({"rate":1.10})");
    std::mutex mutex{};
    std::vector<std::string> heard{};
    Server server{[this](Peer& peer) {
        for (;;) {
            const auto request = peer.request();
            if (request.empty()) return;
            {
                const std::scoped_lock lock{mutex};
                heard.push_back(request);
                if (heard.size() == 1) return peer.reset();
            }
            peer.send(then);
        }
    }};
    std::vector<std::string> requests() {
        const std::scoped_lock lock{mutex};
        return heard;
    }
};

std::string line(const std::string& request, const std::string& header) {
    const auto at = request.find(header);
    return at == request.npos ? "" : request.substr(at, request.find('\r', at) - at);
}

Options options_for(const Server& server) {
    return {.store = memory(),
            .services = {{"credit.*", http({.base_url = server.url(), .timeout = 5s, .authorization = "Bearer secret:CREDIT"})}},
            .secret = [](std::string_view) { return std::string{"hush"}; }};
}

InstanceKey start(Engine& engine, const std::string& contract) {
    engine.deploy({yaml_text(process_with(contract), "credit.yaml")});
    engine.run();
    return engine.start({.process = "credit"});
}

/// The end event, or nothing if it does not end.
std::string end_of(Engine& engine, InstanceKey key) {
    const auto outcome = engine.wait_for(key, 10s);
    const auto* completed = outcome ? std::get_if<Completed>(&*outcome) : nullptr;
    return completed ? completed->end_event : "";
}

}  // namespace

TEST_CASE("an idempotent service is called again with the same key") {
    Forgetful service;
    Engine engine{options_for(service.server)};
    const auto loan = start(engine, "idempotent");
    CHECK(end_of(engine, loan) == "granted");
    CHECK(engine.variables(loan).get<Decimal>("rate").str() == "1.10");

    const auto requests = service.requests();
    REQUIRE(requests.size() == 2);
    CHECK(line(requests[0], "Idempotency-Key: ") == line(requests[1], "Idempotency-Key: "));
    CHECK(line(requests[0], "Kontor-Attempt: ") == "Kontor-Attempt: 1");
    CHECK(line(requests[1], "Kontor-Attempt: ") == "Kontor-Attempt: 2");
    CHECK(line(requests[1], "Authorization: ") == "Authorization: Bearer hush");
    CHECK_THAT(requests[1], Catch::Matchers::EndsWith(R"({"amount":250000.00})"));
}

TEST_CASE("a queryable service is asked, not called again") {
    Forgetful service;
    Engine engine{options_for(service.server)};
    const auto loan = start(engine, "queryable");
    CHECK(end_of(engine, loan) == "granted");
    CHECK(engine.variables(loan).get<Decimal>("rate").str() == "1.10");

    const auto requests = service.requests();
    REQUIRE(requests.size() == 2);
    const auto key = line(requests[0], "Idempotency-Key: ").substr(17);
    CHECK(line(requests[1], "GET ") == "GET /credit.check/" + key + " HTTP/1.1");
}

TEST_CASE("of an unsafe service a person is asked, and it is not called again") {
    Forgetful service;
    Engine engine{options_for(service.server)};
    const auto loan = start(engine, "unsafe");
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (engine.incidents({.instance = loan}).items.empty() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    const auto incidents = engine.incidents({.instance = loan});
    REQUIRE(incidents.items.size() == 1);
    CHECK(incidents.items[0].kind == "outcome-unknown");
    CHECK_THAT(incidents.items[0].message, Contains("took-effect"));
    CHECK(service.requests().size() == 1);
}

TEST_CASE("a business error of the service is caught by the process") {
    Server server{always(answer(422, R"({"code":"LIMIT","message":"above the limit","data":{"limit":100.0}})"))};
    Engine engine{options_for(server)};
    CHECK(end_of(engine, start(engine, "unsafe")) == "refused");
}

// The whole way: a process, its engine on SQLite, a broker, a service, and restarts in between.
#include "amqp/broker.hpp"
#include "amqp/peer.hpp"
#include "support/folder.hpp"

#include <kontor/amqp.hpp>
#include <kontor/kontor.hpp>

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <poll.h>
#include <unistd.h>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* one_payment = R"(
kontor: 1
process: one-payment
variables:
  receipt: { type: any }
services:
  pay.*: { contract: unsafe, timeout: PT30S }
flow:
  - startEvent: begun
  - serviceTask: pay
    service: pay.once
    output: { receipt: = result.receipt }
  - endEvent: paid
)";

Options options(const Folder& folder, const std::string& name) {
    return {.store = sqlite(folder.path(name + ".db")),
            .services = {{"pay.*", amqp({.url = Broker::instance().url(), .name = name, .first_pause = 50ms})}}};
}

std::string receipt(const std::optional<Outcome>& outcome) {
    REQUIRE(outcome);
    return std::get<Completed>(*outcome).variables.get<std::string>("receipt");
}

}  // namespace

TEST_CASE("a process calls a service over the broker") {
    const Folder folder;
    Peer peer{Broker::instance().port(), "pay.once"};
    {
        Engine engine{options(folder, "whole")};
        engine.deploy({yaml_text(one_payment, "one-payment.yaml")});
        engine.run();
        const auto payment = engine.start({.process = "one-payment"});
        peer.answer(peer.next(), R"({"receipt":"R-1"})");
        CHECK(receipt(engine.wait_for(payment, 90s)) == "R-1");
        engine.stop(1s);
    }
    CHECK(peer.waiting("kontor.replies.whole") == 0);
}

TEST_CASE("an answer that was given while the engine was away completes the call that the restart had lost") {
    const Folder folder;
    Peer peer{Broker::instance().port(), "pay.once"};
    InstanceKey payment;
    Peer::Message request;
    {
        Engine engine{options(folder, "restarted")};
        engine.deploy({yaml_text(one_payment, "one-payment.yaml")});
        engine.run();
        payment = engine.start({.process = "one-payment"});
        request = peer.next();
    }
    peer.answer(request, R"({"receipt":"R-2"})");
    Engine engine{options(folder, "restarted")};
    engine.run();
    // `unsafe`: without the answer a person would have to find out, and nobody may call again.
    CHECK(receipt(engine.wait_for(payment, 90s)) == "R-2");
    CHECK(engine.incidents({}).items.empty());
    CHECK(peer.waiting("pay.once") == 0);
}

TEST_CASE("a service that does not answer in time is an incident of an unsafe call, until its answer comes") {
    const Folder folder;
    Peer peer{Broker::instance().port(), "pay.once"};
    Engine engine{options(folder, "late")};
    std::string text = one_payment;
    text.replace(text.find("PT30S"), 5, "PT0.3S");
    engine.deploy({yaml_text(text, "one-payment.yaml")});
    engine.run();
    const auto payment = engine.start({.process = "one-payment"});
    const auto request = peer.next();
    const auto until = std::chrono::steady_clock::now() + 90s;
    while (engine.incidents({}).items.empty()) {
        REQUIRE(std::chrono::steady_clock::now() < until);
        ::poll(nullptr, 0, 5);
    }
    peer.answer(request, R"({"receipt":"R-3"})");
    CHECK(receipt(engine.wait_for(payment, 90s)) == "R-3");
    CHECK(engine.incidents({}).items.empty());
}

TEST_CASE("the example of the how-to compiles") {
const auto ledger = kontor::amqp({.url = "amqp://loans:secret:LEDGER@broker.bank/lending",
                                  .name = "loans-1",
                                  .exchange = "ledger",
                                  .routing_key = "ledger.{service}"});
const kontor::Binding binding{"account.*", ledger};   // one of the engine's `services`
    CHECK(binding.service.adapter() == ledger);

    const auto content = [](const std::string& path) {
        std::ifstream file{KONTOR_SOURCE_DIR + path};
        return std::string{std::istreambuf_iterator<char>{file}, {}};
    };
    const std::string page = content("/docs/how-to/call-a-service-over-amqp.md"), mark = "```cpp\n";
    const auto begin = page.find(mark);
    REQUIRE(begin != page.npos);
    const auto shown = page.substr(begin + mark.size(), page.find("```", begin + mark.size()) - begin - mark.size());
    CHECK_THAT(content("/tests/amqp/engine_test.cpp"), Catch::Matchers::Contains(shown));
}

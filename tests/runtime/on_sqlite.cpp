// The runtime with its threads on a SQLite file.
#include "support/folder.hpp"

#include <kontor/kontor.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>

using namespace kontor;
using test::Folder;
using namespace kontor::literals;
using namespace std::chrono_literals;

namespace {

constexpr const char* two_steps = R"(
kontor: 1
process: two-steps
variables:
  a: { type: number }
  b: { type: number }
services:
  "count.*": { contract: idempotent }
messages:
  go: { correlationKey: = "k", timeToLive: P1D }
flow:
  - startEvent: begun
  - parallelGateway: fork
    join: joined
    branches:
      - flow:
          - serviceTask: first
            service: count.first
            output: { a: = result.n }
      - flow:
          - serviceTask: second
            service: count.second
            output: { b: = result.n }
  - endEvent: done
)";

}  // namespace

SCENARIO("many instances run at once on SQLite, each step once") {
    const Folder folder;
    std::atomic<int> calls{0};
    constexpr int instances = 300;
    const auto options = [&] {
        return Options{.store = sqlite(folder.path("loans.db")),
                       .services = {{"count.*", [&](const ServiceCall&) -> Answer { return {{"n", ++calls}}; }}}};
    };
    std::vector<InstanceKey> keys;
    {
        Engine engine{options()};
        engine.deploy({yaml_text(two_steps, "two-steps.yaml")});
        engine.run();
        std::atomic<int> ended{0};
        for (int i = 0; i < instances; ++i) keys.push_back(engine.start({.process = "two-steps", .business_key = "B-" + std::to_string(i)}));
        for (const auto key : keys) {
            const auto outcome = engine.wait_for(key, 30s);
            REQUIRE(outcome);
            CHECK(std::holds_alternative<Completed>(*outcome));
        }
        CHECK(calls == 2 * instances);
    }
    WHEN("another engine opens the store") {
        Engine engine{options()};
        engine.run();
        THEN("everything is there, and nothing is called again") {
            CHECK(engine.deploy({yaml_text(two_steps, "two-steps.yaml")}).at(0).unchanged);
            int found = 0;
            InstanceQuery query{.process = "two-steps", .state = State::completed, .limit = 100};
            do {
                const auto page = engine.instances(query);
                found += static_cast<int>(page.items.size());
                query.after = page.next;
            } while (query.after);
            CHECK(found == instances);
            CHECK(calls == 2 * instances);
            CHECK(engine.history({.instance = keys.front()}).items.front().type == "instanceStarted");
        }
    }
}

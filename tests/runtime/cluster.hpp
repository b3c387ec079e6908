#pragma once
/// A bank of several engines on one store, for the tests of what they do together.
#include "runtime/care/check.hpp"
#include "runtime/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace kontor::test {

using namespace std::chrono_literals;

inline constexpr const char* cluster_process = R"(
kontor: 1
process: loan
variables:
  id: { type: string, required: true }
  heard: { type: number }
  opinion: { type: Any }
services:
  credit.check: { contract: idempotent, timeout: PT1H }
  funds.move:   { contract: unsafe, timeout: PT1H }
messages:
  go: { correlationKey: = id }
  ask: { correlationKey: = id }
flow:
  - startEvent: asked
  - serviceTask: check
    service: credit.check
  - intermediateCatchEvent: awaited
    message: go
    output: { heard: = result.n }
  - userTask: review
    candidateGroups: [sales]
    output: opinion
  - serviceTask: move
    service: funds.move
  - endEvent: paid
eventSubProcesses:
  - id: question
    message: ask
    interrupting: false
    flow:
      - serviceTask: answer
        service: credit.check
      - endEvent: answered
)";

/// A bank of several nodes, and what its services have seen.
struct Cluster {
    Disk disk{8};
    Duration lease = 300ms;
    std::mutex mutex;
    std::map<std::string, int> calls;   ///< by service and key
    std::vector<std::shared_ptr<Wire>> wires;
    std::vector<std::unique_ptr<Engine>> nodes;
    std::function<void(const ServiceCall&)> before_answer;

    ~Cluster() {
        for (const auto& wire : wires) wire->mend();
    }

    Engine& join(bool records_only = false) {
        wires.push_back(std::make_shared<Wire>());
        const auto work = [this](const ServiceCall& call) -> kontor::Answer {
            {
                const std::scoped_lock lock{mutex};
                ++calls[std::string{call.service()} + " " + std::string{call.idempotency_key()}];
            }
            if (before_answer) before_answer(call);
            return Variables{};
        };
        nodes.push_back(std::make_unique<Engine>(Options{.store = disk.store(wires.back()),
                                                         .services = {{"credit.check", work, 1000}, {"funds.move", work, 1000}},
                                                         .node = "node" + std::to_string(nodes.size()),
                                                         .lease = lease,
                                                         .records_only = records_only}));
        Engine& engine = *nodes.back();
        engine.deploy({yaml_text(cluster_process, "loan.yaml")});
        engine.run();
        return engine;
    }
    /// Of the node at that place, counted from 1 as they joined.
    [[nodiscard]] std::size_t buckets_of(std::size_t node) {
        const auto census = disk.memory.renew({"observer", true}, 1ms);
        const std::string name = "node" + std::to_string(node) + "-";
        return static_cast<std::size_t>(std::ranges::count_if(census.buckets, [&](const auto& b) { return b.node.starts_with(name); }));
    }
    bool shared(std::vector<std::size_t> buckets) {
        return until([&] {
            for (std::size_t n = 0; n < buckets.size(); ++n)
                if (buckets_of(n) != buckets[n]) return false;
            return true;
        });
    }
    [[nodiscard]] std::uint32_t bucket(InstanceKey key) const { return core::created_at(key).bucket; }
    bool waits(Engine& engine, InstanceKey key, const std::string& element) {
        return until([&] { return std::ranges::count(engine.waits(key), element) > 0; });
    }
    /// Through the whole process, each step commanded at another node.
    void finish(InstanceKey key, const std::string& id, std::size_t first = 0) {
        const auto at = [&](std::size_t n) -> Engine& { return *nodes[(first + n) % nodes.size()]; };
        REQUIRE(waits(at(0), key, "awaited"));
        REQUIRE(at(1).publish({.name = "go", .correlation_key = id, .payload = {{"n", 7}}}) == Published::correlated);
        REQUIRE(waits(at(2), key, "review"));
        const auto tasks = at(0).tasks({.instance = key}).items;
        REQUIRE(tasks.size() == 1);
        at(1).complete(tasks[0].key, {.output = {{"decision", "yes"}}, .by = {"anna", {"sales"}}});
        const auto outcome = at(2).wait_for(key, 20s);
        REQUIRE(outcome);
        REQUIRE(std::get<Completed>(*outcome).end_event == "paid");
    }
    [[nodiscard]] int unsafe_twice() {
        const std::scoped_lock lock{mutex};
        return static_cast<int>(std::ranges::count_if(calls, [](const auto& c) { return c.first.starts_with("funds.move") && c.second > 1; }));
    }
    [[nodiscard]] std::vector<std::string> defects() {
        runtime::Definitions definitions;
        definitions.load(disk.memory.deployments());
        std::vector<std::string> all;
        for (const auto& difference : runtime::check_rows(disk.memory, definitions).differences) all.push_back(difference.what);
        return all;
    }
};

inline std::string name(int n) { return "L-" + std::to_string(n); }

}  // namespace kontor::test

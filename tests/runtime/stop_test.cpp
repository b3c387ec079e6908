// An engine that stops: calls under way get their time, and what it cuts off is for the next start to find out.
#include "runtime/folder.hpp"

#include <kontor/kontor.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>
#include <thread>

using namespace kontor;
using test::Folder;
using namespace std::chrono_literals;

namespace {

constexpr const char* one_call = R"(
kontor: 1
process: one-call
services:
  account.block: { contract: unsafe }
flow:
  - startEvent: begun
  - serviceTask: block
    service: account.block
  - endEvent: done
)";

/// As an adapter does it: takes its time, and gives up when it is told to stop.
struct Slow {
    Duration takes;
    std::atomic<int>& began;
    Answer operator()(const ServiceCall& call) const {
        ++began;
        for (Duration passed{}; passed < takes; passed += 5ms) {
            if (call.stop_token().stop_requested()) throw Permanent{"cut off"};
            std::this_thread::sleep_for(5ms);
        }
        return Variables{};
    }
};

}  // namespace

SCENARIO("a stop lets calls under way end, and asks nobody to break off before") {
    const Folder folder;
    std::atomic<int> began{0};
    Engine engine{{.store = sqlite(folder.file("a.db")), .services = {{"account.block", Slow{200ms, began}}}}};
    engine.deploy({yaml_text(one_call, "one-call.yaml")});
    engine.run();
    const auto key = engine.start({.process = "one-call"});
    while (began == 0) std::this_thread::sleep_for(1ms);
    const auto drained = engine.stop(10s);
    CHECK(drained.finished == 1);
    CHECK(drained.left_to_recovery == 0);
    CHECK(engine.incidents({}).items.empty());
    CHECK(engine.find(key)->state == State::completed);
}

SCENARIO("a call that does not end in time is told to stop, and what it says then counts no more") {
    const Folder folder;
    std::atomic<int> began{0};
    Engine engine{{.store = sqlite(folder.file("b.db")), .services = {{"account.block", Slow{10min, began}}}}};
    engine.deploy({yaml_text(one_call, "one-call.yaml")});
    engine.run();
    const auto key = engine.start({.process = "one-call"});
    while (began == 0) std::this_thread::sleep_for(1ms);
    const auto drained = engine.stop(50ms);
    CHECK(drained.left_to_recovery == 1);
    CHECK(engine.incidents({}).items.empty());
    CHECK(engine.find(key)->state == State::running);
}

// How long the journals of ended instances are kept.
#include "runtime/support.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* asking = R"(
kontor: 1
process: asking
flow:
  - startEvent: begun
  - userTask: answer
    candidateGroups: [clerks]
  - endEvent: done
)";
constexpr Instant march{std::chrono::sys_days{std::chrono::March / 30 / 2026}};

}  // namespace

SCENARIO("journals of a month are dropped when all of its instances have ended long enough ago") {
    Disk disk;
    const auto clock = std::make_shared<TestClock>(march);
    Engine engine{{.store = disk.store(), .clock = clock, .retention = 24h * 60}};
    engine.deploy({yaml_text(asking, "asking.yaml")});
    engine.run();
    const auto answer = [&](InstanceKey key) { engine.complete(engine.tasks({.instance = key}).items.at(0).key, {.by = {"carol", {"clerks"}}}); };
    const auto first = engine.start({.process = "asking"}), second = engine.start({.process = "asking"});
    answer(first);
    clock->move(24h * 10);   // April
    const auto third = engine.start({.process = "asking"});
    answer(third);
    const auto is_dropped = [&](InstanceKey key) { return disk.memory.instance(key)->dropped; };
    const auto pass = [&](Duration time) {
        const auto looked = std::make_shared<std::atomic<bool>>(false);   // a read may be telling when the hook is taken away
        disk.before_read([looked](std::string_view name) {
            if (name == "periods") *looked = true;
        });
        clock->move(time);
        REQUIRE(until([&] { return clock->move(1min), looked->load(); }));   // housekeeping sets its alarm anew each time
        disk.before_read({});
    };
    pass(24h * 100);
    CHECK_FALSE(is_dropped(first));   // another one of that month still runs
    REQUIRE(until([&] { return is_dropped(third); }));
    answer(second);
    pass(24h * 59);
    CHECK_FALSE(is_dropped(second));
    clock->move(24h * 2);
    REQUIRE(until([&] { return clock->move(1min), is_dropped(second) && is_dropped(first); }));
    CHECK(engine.find(first)->state == State::completed);
}

SCENARIO("the end of an instance whose journal was dropped is not looked for again and again") {
    Disk disk;
    const auto clock = std::make_shared<TestClock>(march);
    std::atomic<int> warnings{0};
    Engine engine{{.store = disk.store(), .log = [&](const LogRecord& record) { warnings += record.level == LogLevel::warning; }, .clock = clock}};
    engine.deploy({yaml_text(asking, "asking.yaml")});
    engine.run();
    const auto key = engine.start({.process = "asking"}).key;
    engine.cancel(key, {.by = {"anna"}});
    REQUIRE(engine.wait_for(key, 20s));
    REQUIRE(until([&] { return disk.memory.drop_period(disk.memory.instance(key)->period) == 1; }));
    CHECK(code_of([&] { (void)engine.wait_for(key, 0s); }) == Code::not_found);
    engine.on_end(key, [](const Outcome&) {});
    REQUIRE(until([&] { return clock->move(1s), warnings > 0; }));
    std::atomic<int> looks{0};
    disk.before_read([&](std::string_view name) { looks += name == "timers_due"; });
    const int before = warnings;
    REQUIRE(until([&] { return clock->move(2s), looks > 10; }));
    CHECK(warnings <= before + 1);   // of the one that only looked
    engine.stop(1s);
    disk.before_read({});
}

SCENARIO("without a retention nothing is dropped") {
    Disk disk;
    const auto clock = std::make_shared<TestClock>(march);
    std::atomic<bool> looked{false};
    std::atomic<int> looks{0};
    disk.before_read([&](std::string_view name) {
        looked = looked || name == "periods";
        looks += name == "timers_due";
    });
    Engine engine{{.store = disk.store(), .clock = clock}};
    engine.run();
    REQUIRE(until([&] { return clock->move(24h), looks > 20; }));
    CHECK_FALSE(looked);
}

// Very many timers that are due when an engine begins.
#include "runtime/support.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;

SCENARIO("a flood of due timers is read as fast as they fire, and not all into memory") {
    constexpr std::size_t timers = 12'000, page = 2'000, firing = 1'200;
    Disk disk{1};
    {
        Engine engine{{.store = disk.store(), .queue = timers, .records_only = true}};
        engine.deploy({yaml_text(R"(
kontor: 1
process: waiting
flow:
  - startEvent: begun
  - intermediateCatchEvent: a-moment
    timer: PT0.001S
  - endEvent: done
)", "waiting.yaml")});
        engine.run();
        std::atomic<std::size_t> started{0};
        for (std::size_t n = 0; n < timers; ++n) engine.start({.process = "waiting"}, [&](const Result<Started>& result) { started += result ? 1 : 0; });
        REQUIRE(until([&] { return started == timers; }));
    }
    const auto left = [&] { return disk.memory.timers_due(0, Instant::max(), {}, timers).size(); };
    REQUIRE(left() == timers);
    std::atomic<std::size_t> pages{0}, most_in_memory{0};
    disk.before_read([&](std::string_view name) {
        if (name != "timers_due") return;
        const std::size_t read = std::min(timers, ++pages * page), fired = timers - left();
        if (read > fired) most_in_memory = std::max(most_in_memory.load(), read - fired);
    });
    Engine engine{{.store = disk.store()}};
    engine.run();
    REQUIRE(until([&] { return left() == 0; }, 60s));
    CHECK(pages >= timers / page);
    CHECK(most_in_memory <= page + firing);
}

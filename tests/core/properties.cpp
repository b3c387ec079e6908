// What must hold for every process, every order of commands, after every row. Checked does the checking; this file makes the chaos.
#include "processes/chaos.hpp"
#include "processes/generator.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;

namespace {

constexpr Instant morning{std::chrono::sys_days{std::chrono::March / 2 / 2026}};

/// One random process, one instance of it, up to `commands` commands, of which some are wrong.
void live_through(std::uint64_t seed, unsigned commands, const GeneratorOptions& options) {
    Random random{seed};
    Checked instance{random_process(random, options), static_cast<std::uint32_t>(random.below(256))};
    Chaos chaos{random};
    Instant now = morning;
    instance.send(chaos.start(), now);
    const unsigned wrong = static_cast<unsigned>(random.below(40));
    for (unsigned n = 0; n < commands; ++n) {
        if (random.chance(40)) now += std::chrono::minutes{random.below(120)};
        if (random.chance(3)) now -= std::chrono::minutes{random.below(300)};   // clocks jump
        if (random.chance(wrong)) instance.send(chaos.unfitting(instance.state()), now);
        else if (const auto command = chaos.fitting(instance.state(), now)) instance.send(*command, now);
        else now += std::chrono::hours{6};
        if (instance.state().ended() && random.chance(30)) break;   // else some commands come after the end
    }
}

void live_through_all(std::uint64_t from, std::uint64_t to, unsigned commands, const GeneratorOptions& options) {
    for (std::uint64_t seed = from; seed < to; ++seed) {
        INFO("seed " << seed);
        try {
            live_through(seed, commands, options);
        } catch (const std::exception& error) {
            FAIL(error.what());
        }
    }
}

}  // namespace

TEST_CASE("live state, journal, effects and snapshot agree in random processes") { live_through_all(1, 1'500, 120, {}); }

TEST_CASE("live state, journal, effects and snapshot agree in small random processes") { live_through_all(10'000, 13'000, 60, {.size = 5, .depth = 2}); }

TEST_CASE("live state, journal, effects and snapshot agree when a decide has to be continued") {
    live_through_all(20'000, 20'150, 60, {.size = 8, .depth = 2, .long_loops = true});
}

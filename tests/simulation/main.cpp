// test_simulation [--seeds N] [--from S] [--events E]: lives through N clusters and says how to repeat the first that breaks a promise.
#include "simulation/world.hpp"

#include <charconv>
#include <chrono>
#include <iostream>
#include <string_view>

using namespace kontor;

namespace {

struct Options {
    std::uint64_t seeds = 100;
    std::uint64_t from = 1;
    std::uint64_t events = 25;      ///< of each instance that a failure shows
};

bool read(std::string_view text, std::uint64_t& into) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc{} && end == text.data() + text.size();
}

std::optional<Options> options_of(int count, char** words) {
    Options options;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = words[i];
        std::uint64_t* into = name == "--seeds" ? &options.seeds : name == "--from" ? &options.from : name == "--events" ? &options.events : nullptr;
        if (!into || !read(words[i + 1], *into)) return std::nullopt;
    }
    return count % 2 == 1 ? std::optional{options} : std::nullopt;
}

void add(simulation::Report& all, const simulation::Report& one) {
    all.rows += one.rows, all.instances += one.instances, all.stuck += one.stuck, all.undone += one.undone, all.crashes += one.crashes, all.fenced += one.fenced;
    for (const auto& [phase, count] : one.phases) all.phases[phase] += count;
}

}  // namespace

int main(int count, char** words) {
    const auto options = options_of(count, words);
    if (!options) {
        std::cerr << "usage: " << words[0] << " [--seeds N] [--from S] [--events E]\n";
        return 2;
    }
    const auto begin = std::chrono::steady_clock::now();
    simulation::Report all;
    for (std::uint64_t seed = options->from; seed < options->from + options->seeds; ++seed) {
        simulation::World world{seed};
        try {
            add(all, world.run());
        } catch (const std::exception& error) {
            std::cerr << "seed " << seed << ": " << error.what() << "\n\n" << world.story(options->events)
                      << "\nrepeat it: " << words[0] << " --from " << seed << " --seeds 1\n";
            return 1;
        }
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    std::cout << options->seeds << " seeds from " << options->from << ": " << all.instances << " instances (";
    for (const auto& [phase, number] : all.phases) std::cout << number << " " << lifecycle::to_string(phase) << ", ";
    std::cout << all.stuck << " with an incident that stays), " << all.rows << " rows, " << all.undone << " compensations, " << all.crashes
              << " crashes, " << all.fenced << " commits fenced; " << took.count() << " ms\n";
}

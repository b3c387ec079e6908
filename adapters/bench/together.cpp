#include "bench/together.hpp"

#include "bench/holdings.hpp"
#include "bench/percentile.hpp"

#include <kontor/error.hpp>

#include <algorithm>

namespace kontor::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{60};
constexpr std::chrono::milliseconds between_looks{20};

std::string name_of(unsigned number) { return "bench-" + std::to_string(number); }

/// Until each engine has its share.
ports::Census settled(Children& children, Onlooker& onlooker, unsigned engines) {
    for (const auto until = SteadyClock::now() + patience;;) {
        auto census = onlooker.look();
        if (are_even(census, engines)) return census;
        if (SteadyClock::now() > until)
            throw Error{Code::unavailable, "the engines have not shared the buckets evenly within " + std::to_string(patience.count()) + " seconds"};
        children.watch("wait for the others", between_looks);
    }
}

void add_up(Together& all, const DatabaseUse& before, const DatabaseUse& after, bool is_known) {
    std::vector<double> milliseconds;
    std::uint64_t ended = 0;
    double cpu_ms = 0;
    for (const auto& [part, buckets] : all.members) {
        const auto& figures = part.figures;
        all.instances += figures.instances;
        all.seconds_to_end = std::max(all.seconds_to_end, figures.seconds_to_end);
        all.journal_rows_per_instance = std::max(all.journal_rows_per_instance, figures.journal_rows_per_instance);
        all.journal_bytes_per_instance = std::max(all.journal_bytes_per_instance, figures.journal_bytes_per_instance);
        all.cost.commits += figures.cost.commits;
        cpu_ms += figures.cost.cpu_ms * static_cast<double>(figures.ended);
        ended += figures.ended;
        milliseconds.insert(milliseconds.end(), part.milliseconds.begin(), part.milliseconds.end());
    }
    const double count = static_cast<double>(std::max<std::uint64_t>(ended, 1));
    all.cost.cpu_ms = cpu_ms / count;
    all.cost.instances_per_commit = count / static_cast<double>(std::max<std::uint64_t>(all.cost.commits, 1));
    if (is_known) all.cost.take(before, after, count);
    all.p50_ms = percentile(milliseconds, 0.50);
    all.p99_ms = percentile(milliseconds, 0.99);
}

}  // namespace

Together measure_together(const Store& store, const Interrupts& interrupts, const TogetherOptions& options, const Engagement& engage) {
    Children children{options.processes, interrupts, [&](unsigned number, const Parent& parent) {
                          parent.meet();   // the store is made by one of us
                          return packed(engage(number, name_of(number), [&] { parent.meet(); }));
                      }};
    children.wait("start", patience);
    const auto opened = store.open();
    children.go_on();

    children.wait("open the store", patience);
    Onlooker onlooker{*opened};
    const ports::Census before = settled(children, onlooker, options.processes);
    const DatabaseMeter database = options.database ? options.database() : DatabaseMeter{};
    const DatabaseUse use_before = database ? database() : DatabaseUse{};
    const auto began = SteadyClock::now();
    children.go_on();
    children.wait("measure", options.duration + 2 * patience, [&] {
        if (options.progress) options.progress(std::chrono::duration<double>(SteadyClock::now() - began).count());
    });
    const DatabaseUse use_after = database ? database() : DatabaseUse{};
    Together all;
    all.buckets = before.buckets.size();
    all.changed_hands = changed(before, onlooker.look());
    children.go_on();   // now that nobody measures any more they may leave

    for (const std::string& bytes : children.wait("bring back what it has measured", patience))
        all.members.push_back({unpacked(bytes), held_by(before, name_of(static_cast<unsigned>(all.members.size()) + 1))});
    add_up(all, use_before, use_after, static_cast<bool>(database));
    return all;
}

}  // namespace kontor::bench

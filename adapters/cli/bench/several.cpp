#include "cli/bench/several.hpp"

#include "bench/elsewhere.hpp"
#include "bench/measure.hpp"
#include "bench/parked.hpp"
#include "bench/together.hpp"
#include "bench/waits.hpp"
#include "cli/bench/reference.hpp"
#include "cli/bench/report.hpp"
#include "cli/bench/scratch.hpp"
#include "cli/bench/wishes.hpp"
#include "cli/run/progress.hpp"

#include <algorithm>
#include <optional>

namespace kontor::cli::bench {
namespace {

namespace measuring = kontor::bench;
using measuring::Part;
using measuring::Together;

constexpr std::chrono::hours very_long{24};

/// What was asked for.
struct Wish {
    unsigned processes = 0;
    const measuring::Workload* workload = nullptr;   ///< null: messages
    unsigned in_flight = 0;
    std::chrono::seconds duration{};

    [[nodiscard]] unsigned share(unsigned number) const { return in_flight / processes + (number <= in_flight % processes ? 1 : 0); }
};

Wish wish_of(unsigned processes, const Arguments& arguments) {
    const std::string& name = arguments.operands.front();
    const auto* workload = name == measuring::messages ? nullptr : &wanted_workload(name);
    const unsigned count = in_flight(arguments, workload ? workload->in_flight : 200);
    if (count < processes) throw UsageError{"--in-flight " + std::to_string(count) + " leaves some of the processes without an instance"};
    return {processes, workload, count, std::chrono::seconds{seconds_of(arguments)}};
}

Part part_of(measuring::Measured&& measured) {
    return {{.instances = measured.instances,
             .ended = measured.ended,
             .seconds_to_end = measured.seconds_to_end,
             .journal_rows_per_instance = measured.journal_rows_per_instance,
             .journal_bytes_per_instance = measured.journal_bytes_per_instance,
             .cost = measured.cost},
            std::move(measured.milliseconds)};
}
Part part_of(measuring::Waited&& waited) {
    return {{.instances = waited.instances, .ended = waited.instances, .seconds_to_end = waited.seconds, .cost = waited.cost},
            std::move(waited.milliseconds)};
}

measuring::Engagement engagement(const Wish& wish, const Store& store) {
    return [&](unsigned number, const std::string& name, const std::function<void()>& meet) {
        const unsigned share = wish.share(number);
        if (!wish.workload)
            return part_of(measuring::measure_messages(store, {.at_once = share, .duration = wish.duration, .node = name, .meet = meet}));
        return part_of(measuring::measure(*wish.workload, store, {.in_flight = share, .duration = wish.duration, .node = name, .meet = meet}));
    };
}

std::vector<Report> each_of(const Together& all, const Wish& wish) {
    std::vector<Report> reports;
    for (const auto& [part, buckets] : all.members) {
        const auto& figures = part.figures;
        const double seconds = wish.workload ? static_cast<double>(wish.duration.count()) : figures.seconds_to_end;
        Report& report = reports.emplace_back("", "");
        report.add("instances_per_second", {}, static_cast<double>(figures.instances) / seconds, 0, "per second");
        report.add("cpu_ms_per_instance", {}, figures.cost.cpu_ms, 3, "ms of CPU per instance");
        report.add("buckets", {}, static_cast<double>(buckets), 0, "of " + std::to_string(all.buckets) + " buckets");
        report.add("commits", static_cast<double>(figures.cost.commits), 0);
    }
    return reports;
}

void add_workload(Report& report, const Together& all, const Wish& wish, const std::optional<measuring::LimitResult>& limit) {
    const double per_second = static_cast<double>(all.instances) / static_cast<double>(wish.duration.count());
    report.add("instances_per_second", "instances", per_second, 0, "per second");
    report.add("steps_per_second", "steps", per_second * wish.workload->steps, 0, "per second");
    report.add("p50_ms", "an instance takes, half of them", all.p50_ms, 2, "ms");
    report.add("p99_ms", "99 of 100", all.p99_ms, 2, "ms");
    report.add(all.cost, all.seconds_to_end, "these processes");
    report.add("journal_rows_per_instance", "journal rows", all.journal_rows_per_instance, 0, "per instance");
    report.add("journal_bytes_per_instance", "journal bytes", all.journal_bytes_per_instance, 0, "per instance");
    if (!limit) return;
    report.add("limit_instances_per_second", "the database alone", limit->instances_per_second(), 0, "per second: 18 rows of 200 bytes, 1 of 1 KB");
    report.add("ratio", "ratio", per_second / limit->instances_per_second(), 3);
}

void add_messages(Report& report, const Together& all) {
    report.add("instances", "instances", static_cast<double>(all.instances), 0);
    const double per_second = static_cast<double>(all.instances) / all.seconds_to_end;
    report.add("messages_per_second", "messages, instance started and ended", per_second, 0, "per second");
    report.add("message_p50_ms", "from a message to the next call, half", all.p50_ms, 2, "ms");
    report.add("message_p99_ms", "99 of 100", all.p99_ms, 2, "ms");
    report.add(all.cost, all.seconds_to_end, "these processes");
}

Together measured(const Wish& wish, const Arguments& arguments, Console& console, const measuring::Interrupts& interrupts) {
    const auto seconds = static_cast<std::size_t>(wish.duration.count());
    run::Progress progress{console.err, seconds, console.err.terminal && !arguments.has("json")};
    const Scratch scratch{wanted_store(arguments)};
    if (wish.workload && arguments.has("parked"))
        measuring::elsewhere<double>(interrupts, "fill the store", very_long, [&, instances = number(arguments, "parked", 1, most_parked)] {
            return measuring::park(scratch.place(), {.instances = instances});
        });
    const auto all = measuring::measure_together(
        scratch.place(), interrupts,
        {.processes = wish.processes,
         .duration = wish.duration,
         .database = [&] { return scratch.meter(); },
         .progress = [&](double elapsed) { progress.show(std::min(seconds, static_cast<std::size_t>(elapsed))); }},
        engagement(wish, scratch.place()));
    progress.clear();
    return all;
}

}  // namespace

Exit measure_several(unsigned processes, const Arguments& arguments, Console& console) {
    const Wish wish = wish_of(processes, arguments);
    const measuring::Interrupts interrupts;
    const Together all = measured(wish, arguments, console, interrupts);
    std::optional<measuring::LimitResult> limit;
    if (wish.workload && arguments.has("limit")) limit = limit_of(wanted_store(arguments), wish.in_flight, wish.duration, interrupts);
    const std::string heading = std::to_string(wish.processes) + " processes, " + std::to_string(wish.in_flight);
    const std::string seconds = std::to_string(wish.duration.count()) + " s";
    Report report{arguments.operands.front(), heading + (wish.workload ? " in flight, " : " on their way, ") + seconds};
    report.add("in_flight", wish.in_flight, 0);
    if (wish.workload) add_workload(report, all, wish, limit);
    else add_messages(report, all);
    report.add("processes", "process", each_of(all, wish));
    const auto changed = static_cast<double>(all.changed_hands);
    if (changed == 0) report.add("buckets_changed_hands", 0, 0);
    else report.add("buckets_changed_hands", "buckets that changed hands", changed, 0, "meanwhile: an engine was taken for dead");
    report.write(console.out, arguments.has("json"));
    return Exit::fine;
}

}  // namespace kontor::cli::bench

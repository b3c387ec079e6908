#include "bench/interrupts.hpp"
#include "bench/measure.hpp"
#include "bench/parked.hpp"
#include "bench/waits.hpp"
#include "cli/bench/reference.hpp"
#include "cli/bench/report.hpp"
#include "cli/bench/scratch.hpp"
#include "cli/bench/several.hpp"
#include "cli/bench/wishes.hpp"
#include "cli/commands.hpp"
#include "cli/run/progress.hpp"

#include <algorithm>
#include <csignal>
#include <optional>

namespace kontor::cli {
namespace {

namespace measuring = kontor::bench;
using measuring::Interrupts;
using bench::in_flight;
using bench::most_parked;
using bench::number;
using bench::parked;
using bench::Report;
using bench::Scratch;
using bench::seconds_of;
using bench::wanted_store;
using bench::wanted_workload;

Exit perform_parked(const Arguments& arguments, Console& console, const Interrupts& interrupts) {
    measuring::ParkedOptions options;
    options.instances = number(arguments, "instances", 100'000, most_parked);
    options.due = arguments.has("due");
    const bool is_json = arguments.has("json");
    const std::string& url = wanted_store(arguments);
    if (url.starts_with("memory:")) throw UsageError{"a store in memory does not outlive a restart", "for example --store sqlite:bench.db"};
    run::Progress progress{console.err, options.instances, console.err.terminal && !is_json};
    options.progress = [&](std::uint64_t started) { progress.show(started); };
    const Scratch scratch{url};
    const auto measured = measuring::measure_parked(scratch.place(), scratch.file(), interrupts, options);
    progress.clear();
    Report report{parked, std::to_string(options.instances) + " instances that wait: for a date, a message, a person"};
    report.add("instances", static_cast<double>(options.instances), 0);
    report.add("starts_per_second", "started", measured.starts_per_second, 0, "per second");
    if (!scratch.file().empty()) report.add("store_bytes_per_instance", "on the disk", measured.store_bytes_per_instance, 0, "bytes per instance");
    report.add("restart_seconds", "a restart takes", measured.restart_seconds, 3, "s");
    if (options.due) {
        report.add("due_seconds", "all that were due have gone on after", measured.due_seconds, 2, "s");
        report.add("due_per_second", "timers", measured.due_per_second, 0, "per second");
    }
    report.add("resident_mb", "memory of the process after it", measured.resident_mb, 1, "MB");
    report.add("message_p50_ms", "from a message to the next call, half", measured.message_p50_ms, 2, "ms");
    report.add("message_p99_ms", "99 of 100", measured.message_p99_ms, 2, "ms");
    report.write(console.out, is_json);
    return Exit::fine;
}

Exit perform_waits(const Arguments& arguments, Console& console, const Interrupts& interrupts) {
    const bool is_timers = arguments.operands.front() == measuring::timers;
    const unsigned seconds = seconds_of(arguments);
    const bool is_json = arguments.has("json");
    measuring::WaitOptions options;
    options.at_once = in_flight(arguments, is_timers ? 1'000 : 200);
    options.duration = std::chrono::seconds{seconds};
    run::Progress progress{console.err, seconds, console.err.terminal && !is_json};
    options.progress = [&](double elapsed) {
        interrupts.look();
        progress.show(static_cast<std::size_t>(std::min<double>(elapsed, seconds)));
    };
    const Scratch scratch{wanted_store(arguments)};
    options.database = scratch.meter();
    const auto measured = is_timers ? measuring::measure_timers(scratch.place(), options) : measuring::measure_messages(scratch.place(), options);
    progress.clear();
    const std::string count = std::to_string(options.at_once);
    Report report{arguments.operands.front(), is_timers ? count + " due at the same moment, again and again" : count + " on their way"};
    report.add("in_flight", options.at_once, 0);
    report.add("instances", "instances", static_cast<double>(measured.instances), 0);
    if (is_timers) {
        report.add("timers_per_second", "timers, from due to the last one", measured.per_second, 0, "per second");
        report.add("late_p50_ms", "late by, half of them", measured.p50_ms, 2, "ms");
        report.add("late_p99_ms", "99 of 100", measured.p99_ms, 2, "ms");
    } else {
        report.add("messages_per_second", "messages, instance started and ended", measured.per_second, 0, "per second");
        report.add("message_p50_ms", "from a message to the next call, half", measured.p50_ms, 2, "ms");
        report.add("message_p99_ms", "99 of 100", measured.p99_ms, 2, "ms");
    }
    report.add(measured.cost, measured.seconds);
    report.write(console.out, is_json);
    return Exit::fine;
}

Exit measure(const Arguments& arguments, Console& console) {
    const std::string& name = arguments.operands.front();
    if (const unsigned processes = bench::processes_of(arguments); processes > 1) return bench::measure_several(processes, arguments, console);
    const Interrupts interrupts;
    if (name == parked) return perform_parked(arguments, console, interrupts);
    if (name == measuring::timers || name == measuring::messages) return perform_waits(arguments, console, interrupts);
    const measuring::Workload& workload = wanted_workload(name);
    const std::string& store = wanted_store(arguments);
    const unsigned seconds = seconds_of(arguments);
    const bool is_json = arguments.has("json");
    measuring::MeasureOptions options;
    options.in_flight = in_flight(arguments, workload.in_flight);
    options.duration = std::chrono::seconds{seconds};
    run::Progress progress{console.err, seconds, console.err.terminal && !is_json};
    options.progress = [&](std::uint64_t, double elapsed) {
        interrupts.look();
        progress.show(static_cast<std::size_t>(std::min<double>(elapsed, seconds)));
    };

    const auto measured = [&] {
        const Scratch scratch{store};
        if (arguments.has("parked"))
            measuring::park(scratch.place(), {.instances = number(arguments, "parked", 1, most_parked),
                                              .progress = [&](std::uint64_t) { interrupts.look(); }});
        options.database = scratch.meter();
        return measuring::measure(workload, scratch.place(), options);
    }();
    progress.clear();
    std::optional<measuring::LimitResult> limit;
    if (arguments.has("limit")) limit = bench::limit_of(store, options.in_flight, std::chrono::seconds{seconds}, interrupts);

    Report report{workload.name, std::to_string(options.in_flight) + " in flight, " + std::to_string(seconds) + " s"};
    report.add("in_flight", options.in_flight, 0);
    report.add("instances_per_second", "instances", measured.instances_per_second, 0, "per second");
    report.add("steps_per_second", "steps", measured.steps_per_second, 0, "per second");
    report.add("p50_ms", "an instance takes, half of them", measured.p50_ms, 2, "ms");
    report.add("p99_ms", "99 of 100", measured.p99_ms, 2, "ms");
    report.add(measured.cost, measured.seconds_to_end);
    report.add("journal_rows_per_instance", "journal rows", measured.journal_rows_per_instance, 0, "per instance");
    report.add("journal_bytes_per_instance", "journal bytes", measured.journal_bytes_per_instance, 0, "per instance");
    if (limit) {
        report.add("limit_instances_per_second", "the database alone", limit->instances_per_second(), 0, "per second: 18 rows of 200 bytes, 1 of 1 KB");
        report.add("ratio", "ratio", measured.instances_per_second / limit->instances_per_second(), 3);
    }
    report.write(console.out, is_json);
    return Exit::fine;
}

Exit perform(const Arguments& arguments, Console& console) {
    try {
        return measure(arguments, console);
    } catch (const measuring::Interrupted& interrupted) {
        ::raise(interrupted.signal());   // nobody waits for it any more: it ends the program as it would have at first
        return Exit::world_failed;
    }
}

}  // namespace

Command bench_command() {
    return {.name = "bench",
            .operands = "WORKLOAD",
            .fewest = 1,
            .most = 1,
            .summary = "measures the engine on a store",
            .description = "Keeps instances of a workload in flight for a while, in a store that is made for it and removed after:\n"
                           "a file, or a schema of its own in a PostgreSQL database.\n"
                           "loan-8: eight service tasks, two of them in parallel; handlers in this process that return 200 bytes.\n"
                           "parallel-100: one hundred service tasks at once, and their join.\n"
                           "timers: instances whose timers fall due at the same moment; how late they go on.\n"
                           "messages: instances that are told to go on; how long it takes from the message to the next call.\n"
                           "parked: instances that wait for a date, a message or a person; what they cost, and how soon one goes on.\n"
                           "With --processes N, on PostgreSQL: several engines that share the store, each in a process of its own, and the instances in\n"
                           "flight, measured when all of them run and have as many buckets as each other.\n"
                           "With --limit the database alone is measured too, with the rows that an instance of loan-8 needs at least:\n"
                           "1 of 1 KB and 18 of 200 bytes, in nine commits that up to 100 instances share.",
            .options = {{"store", "URL", "where: sqlite:bench.db, which must not exist yet, or postgresql://user@host/db"},
                        {"in-flight", "N", "how many instances at once; 200 unless given, of parallel-100 20, of timers 1000"},
                        {"instances", "N", "of parked: how many wait; 100000 unless given"},
                        {"due", "", "of parked: the dates are past when the engine is restarted"},
                        {"duration", "SECONDS", "how long; 10 unless given"},
                        {"processes", "N", "of loan-8, parallel-100 and messages: how many engines, 1 to 8; 1 unless given"},
                        {"parked", "N", "of loan-8 and parallel-100: beside that many instances that wait in the same store"},
                        {"limit", "", "also what the database alone can do"},
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli

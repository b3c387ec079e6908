#include "bench/limit.hpp"
#include "bench/measure.hpp"
#include "bench/parked.hpp"
#include "cli/commands.hpp"
#include "cli/run/progress.hpp"
#include "ports/store.hpp"
#include "store/postgresql/open_postgresql.hpp"
#include "value/json.hpp"

#include <charconv>
#include <cmath>
#include <filesystem>
#include <iomanip>
#include <optional>

namespace kontor::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view parked = "parked";
constexpr unsigned most_parked = 100'000'000;

const bench::Workload& wanted_workload(const Arguments& arguments) {
    const std::string& name = arguments.operands.front();
    if (const auto* workload = bench::find_workload(name)) return *workload;
    std::string known{parked};
    for (const auto& workload : bench::workloads()) known += ", " + std::string{workload.name};
    throw UsageError{"there is no workload " + name, "known: " + known};
}

const std::string& wanted_store(const Arguments& arguments) {
    if (const std::string* store = arguments.value("store")) return *store;
    throw UsageError{"--store is missing", "for example --store sqlite:bench.db"};
}

unsigned number(const Arguments& arguments, std::string_view name, unsigned otherwise, unsigned most) {
    const std::string* text = arguments.value(name);
    if (!text) return otherwise;
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size() || value == 0 || value > most)
        throw UsageError{"--" + std::string{name} + " wants a number from 1 to " + std::to_string(most), "it is \"" + *text + "\""};
    return value;
}

/// A store that is made for one measurement and is gone after it: a file, or a schema in a PostgreSQL database.
class Scratch {
public:
    explicit Scratch(const std::string& url) {
        if (url.starts_with("postgresql:")) {
            schema_.emplace(url);
            place_ = postgresql(schema_->connection());
            return;
        }
        place_ = store_at(url);
        if (!url.starts_with("sqlite:")) return;
        const std::string file = url.substr(std::string_view{"sqlite:"}.size());
        if (fs::exists(file)) throw UsageError{url + " exists", "a measurement wants a store of its own: name a file that is not there"};
        file_ = file;
    }
    ~Scratch() {
        if (file_.empty()) return;
        std::error_code error;
        for (const char* end : {"", "-wal", "-shm", "-owner"}) fs::remove(file_ + end, error);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] const Store& place() const noexcept { return place_; }
    /// Empty if it is none.
    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    /// How many commits at once serve it best.
    [[nodiscard]] std::uint32_t connections() const noexcept { return schema_ ? 2 : 1; }

private:
    std::string file_;
    std::optional<store::ScratchSchema> schema_;
    Store place_;
};

Decimal rounded(double value, int places) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", places, value);
    return Decimal::parse(text);
}

void tell(const Output& out, std::string_view what, const Decimal& value, std::string_view unit = {}) {
    out.stream << "  " << padded(what, 34) << padded(value.str(), 12, true) << ' ' << unit << '\n';
}

Exit perform_parked(const Arguments& arguments, Console& console) {
    bench::ParkedOptions options;
    options.instances = number(arguments, "instances", 100'000, most_parked);
    const bool is_json = arguments.has("json");
    const std::string& url = wanted_store(arguments);
    if (url.starts_with("memory:")) throw UsageError{"a store in memory does not outlive a restart", "for example --store sqlite:bench.db"};
    run::Progress progress{console.err, options.instances, console.err.terminal && !is_json};
    options.progress = [&](std::uint64_t started) { progress.show(started); };
    const Scratch scratch{url};
    const auto measured = bench::measure_parked(scratch.place(), scratch.file(), options);
    progress.clear();
    const Variables answer{{"workload", parked},
                           {"instances", std::to_string(options.instances)},
                           {"starts_per_second", rounded(measured.starts_per_second, 0)},
                           {"store_bytes_per_instance", rounded(measured.store_bytes_per_instance, 0)},
                           {"restart_seconds", rounded(measured.restart_seconds, 3)},
                           {"resident_mb", rounded(measured.resident_mb, 1)},
                           {"message_p50_ms", rounded(measured.message_p50_ms, 2)},
                           {"message_p99_ms", rounded(measured.message_p99_ms, 2)}};
    if (is_json) {
        console.out.stream << json::write(answer) << '\n';
        return Exit::fine;
    }
    console.out.stream << console.out.styled(Style::bold, parked) << ", " << options.instances << " instances that wait: for a date, a message, a person\n";
    tell(console.out, "started", answer.get<Decimal>("starts_per_second"), "per second");
    if (measured.store_bytes_per_instance > 0) tell(console.out, "on the disk", answer.get<Decimal>("store_bytes_per_instance"), "bytes per instance");
    tell(console.out, "a restart takes", answer.get<Decimal>("restart_seconds"), "s");
    tell(console.out, "memory of the process after it", answer.get<Decimal>("resident_mb"), "MB");
    tell(console.out, "from a message to the next call, half", answer.get<Decimal>("message_p50_ms"), "ms");
    tell(console.out, "99 of 100", answer.get<Decimal>("message_p99_ms"), "ms");
    return Exit::fine;
}

Exit perform(const Arguments& arguments, Console& console) {
    if (arguments.operands.front() == parked) return perform_parked(arguments, console);
    const bench::Workload& workload = wanted_workload(arguments);
    const std::string& store = wanted_store(arguments);
    const unsigned seconds = number(arguments, "duration", 10, 3600);
    const bool is_json = arguments.has("json");
    bench::MeasureOptions options;
    options.in_flight = number(arguments, "in-flight", 200, 100'000);
    options.duration = std::chrono::seconds{seconds};
    run::Progress progress{console.err, seconds, console.err.terminal && !is_json};
    options.progress = [&](std::uint64_t, double elapsed) { progress.show(static_cast<std::size_t>(std::min<double>(elapsed, seconds))); };

    const auto measured = [&] {
        const Scratch scratch{store};
        if (arguments.has("parked")) bench::park(scratch.place(), {.instances = number(arguments, "parked", 1, most_parked)});
        return bench::measure(workload, scratch.place(), options);
    }();
    progress.clear();
    std::optional<bench::LimitResult> limit;
    if (arguments.has("limit")) {
        const Scratch scratch{store};
        limit = bench::measure_limit(*scratch.place().open(), {.in_flight = std::min(options.in_flight, 100U), .duration = options.duration,
                                                              .connections = scratch.connections()});
    }

    Variables answer{{"workload", workload.name},
                     {"in_flight", options.in_flight},
                     {"instances_per_second", rounded(measured.instances_per_second, 0)},
                     {"steps_per_second", rounded(measured.steps_per_second, 0)},
                     {"p50_ms", rounded(measured.p50_ms, 2)},
                     {"p99_ms", rounded(measured.p99_ms, 2)},
                     {"cpu_ms_per_instance", rounded(measured.cpu_ms_per_instance, 3)},
                     {"commits_per_second", rounded(measured.commits_per_second, 0)},
                     {"journal_rows_per_instance", rounded(measured.journal_rows_per_instance, 0)},
                     {"journal_bytes_per_instance", rounded(measured.journal_bytes_per_instance, 0)}};
    if (limit) {
        answer.set("limit_instances_per_second", rounded(limit->instances_per_second(), 0));
        answer.set("ratio", rounded(measured.instances_per_second / limit->instances_per_second(), 3));
    }
    if (is_json) {
        console.out.stream << json::write(answer) << '\n';
        return Exit::fine;
    }
    console.out.stream << console.out.styled(Style::bold, workload.name) << ", " << options.in_flight << " in flight, " << seconds << " s\n";
    tell(console.out, "instances", answer.get<Decimal>("instances_per_second"), "per second");
    tell(console.out, "steps", answer.get<Decimal>("steps_per_second"), "per second");
    tell(console.out, "commits", answer.get<Decimal>("commits_per_second"), "per second");
    tell(console.out, "an instance takes, half of them", answer.get<Decimal>("p50_ms"), "ms");
    tell(console.out, "99 of 100", answer.get<Decimal>("p99_ms"), "ms");
    tell(console.out, "CPU of this process", answer.get<Decimal>("cpu_ms_per_instance"), "ms per instance");
    tell(console.out, "journal rows", answer.get<Decimal>("journal_rows_per_instance"), "per instance");
    tell(console.out, "journal bytes", answer.get<Decimal>("journal_bytes_per_instance"), "per instance");
    if (limit) {
        tell(console.out, "the database alone", answer.get<Decimal>("limit_instances_per_second"), "per second: 18 rows of 200 bytes, 1 of 1 KB");
        tell(console.out, "ratio", answer.get<Decimal>("ratio"));
    }
    return Exit::fine;
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
                           "parked: instances that wait for a date, a message or a person; what they cost, and how soon one goes on.\n"
                           "With --limit the database alone is measured too, with the rows that such an instance needs at least:\n"
                           "1 of 1 KB and 18 of 200 bytes, in nine commits that up to 100 instances share.",
            .options = {{"store", "URL", "where: sqlite:bench.db, which must not exist yet, or postgresql://user@host/db"},
                        {"in-flight", "N", "how many instances at once; 200 unless given"},
                        {"instances", "N", "of parked: how many wait; 100000 unless given"},
                        {"duration", "SECONDS", "how long; 10 unless given"},
                        {"parked", "N", "of loan-8: beside that many instances that wait in the same store"},
                        {"limit", "", "also what the database alone can do"},
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli

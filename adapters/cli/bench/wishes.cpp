#include "cli/bench/wishes.hpp"

#include "bench/waits.hpp"
#include "cli/failure.hpp"

#include <charconv>

namespace kontor::cli::bench {

namespace measuring = kontor::bench;

const measuring::Workload& wanted_workload(const std::string& name) {
    if (const auto* workload = measuring::find_workload(name)) return *workload;
    std::string known;
    for (const auto& workload : measuring::workloads()) known += std::string{workload.name} + ", ";
    for (const auto& other : {measuring::timers, measuring::messages}) known += std::string{other} + ", ";
    throw UsageError{"there is no workload " + name, "known: " + known + std::string{parked}};
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
unsigned in_flight(const Arguments& arguments, unsigned otherwise) { return number(arguments, "in-flight", otherwise, 100'000); }
unsigned seconds_of(const Arguments& arguments) { return number(arguments, "duration", 10, 3600); }

unsigned processes_of(const Arguments& arguments) {
    constexpr unsigned most = 8;
    const unsigned processes = number(arguments, "processes", 1, most);
    if (processes == 1) return 1;
    const std::string& workload = arguments.operands.front();
    if (workload != measuring::messages && !measuring::find_workload(workload))
        throw UsageError{"--processes goes with loan-8, parallel-100 and messages", "leave it out: the others measure one engine"};
    const std::string& store = wanted_store(arguments);
    const std::string mend = "name a PostgreSQL database: --store postgresql://user@host/db", cannot = std::to_string(processes) + " cannot share it";
    if (store.starts_with("sqlite:")) throw UsageError{"one process owns a SQLite store, so " + cannot, mend};
    if (store.starts_with("memory:")) throw UsageError{"a store in memory is within one process, so " + cannot, mend};
    return processes;
}

}  // namespace kontor::cli::bench

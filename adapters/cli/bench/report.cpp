#include "cli/bench/report.hpp"

#include "value/json.hpp"

#include <cstdio>

namespace kontor::cli::bench {
namespace {

Decimal rounded(double value, int places) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", places, value);
    return Decimal::parse(text);
}

}  // namespace

void Report::add(std::string_view name, std::string_view words, double value, int places, std::string_view unit) {
    const Decimal figure = rounded(value, places);
    json_.set(name, figure);
    lines_.push_back({std::string{words}, figure.str(), std::string{unit}});
}

void Report::add(std::string_view name, double value, int places) { json_.set(name, rounded(value, places)); }

void Report::add_unknown(std::string_view words, std::string_view why) { lines_.push_back({std::string{words}, "-", std::string{why}}); }

void Report::add(std::string_view name, std::string_view words, const std::vector<Report>& all) {
    std::vector<Value> values;
    for (const Report& one : all) {
        values.emplace_back(one.json_);
        std::string text;
        for (const auto& line : one.lines_) text += (text.empty() ? "" : ", " + line.value + " ") + line.unit;
        const std::string value = one.lines_.empty() ? "" : one.lines_.front().value;
        lines_.push_back({std::string{words} + " " + std::to_string(values.size()), value, std::move(text)});
    }
    json_.set(name, std::move(values));
}

void Report::add(const kontor::bench::Cost& cost, double seconds, std::string_view whose) {
    add("commits_per_second", "commits", static_cast<double>(cost.commits) / seconds, 0, "per second");
    add("commits", static_cast<double>(cost.commits), 0);
    add("instances_per_commit", "instances", cost.instances_per_commit, 2, "per commit");
    add("cpu_ms_per_instance", "CPU of " + std::string{whose}, cost.cpu_ms, 3, "ms per instance");
    if (cost.database_cpu_ms) add("database_cpu_ms_per_instance", "CPU of the database", *cost.database_cpu_ms, 3, "ms per instance, all its processes");
    else add_unknown("CPU of the database", "part of this process, or not to be seen from here");
    if (cost.database_bytes) add("database_bytes_per_instance", "the database wrote", *cost.database_bytes, 0, "bytes per instance");
}

void Report::write(const Output& out, bool as_json) const {
    if (as_json) {
        Variables answer{{"workload", workload_}};
        for (const auto& [name, value] : json_) answer.set(name, value);
        out.stream << json::write(answer) << '\n';
        return;
    }
    out.stream << out.styled(Style::bold, workload_) << ", " << heading_ << '\n';
    for (const auto& line : lines_) out.stream << "  " << padded(line.words, 36) << padded(line.value, 12, true) << ' ' << line.unit << '\n';
}

}  // namespace kontor::cli::bench

// The report as a table and as JSON.
#include "crowd/report.hpp"

#include <Poco/JSON/Array.h>

#include <algorithm>
#include <initializer_list>
#include <iomanip>
#include <sstream>

namespace loan {
namespace {

constexpr std::size_t most_problems = 20;

int count_of(const std::map<std::string, int>& counts, const std::string& name) {
    const auto it = counts.find(name);
    return it == counts.end() ? 0 : it->second;
}

double quantile(const std::vector<double>& sorted, double share) {
    if (sorted.empty()) return 0;
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

std::string fixed(double value, int places) {
    std::ostringstream out;
    out << std::fixed << std::setprecision(places) << value;
    return out.str();
}

/// 12, 0.34: as many digits as anybody wants to know.
std::string seconds(double value) { return fixed(value, value < 10 ? 2 : 0) + " s"; }

/// A name and its numbers, one below the other in all rows of a table.
void print_row(std::ostream& out, const std::string& name, std::initializer_list<long> numbers) {
    out << "  " << std::left << std::setw(15) << name << std::right;
    for (const long number : numbers) out << std::setw(10) << number;
    out << '\n';
}

void print_decisions(std::ostream& out, const Report& report) {
    const auto times = [&](const char* verdict, const char* by) {
        const auto it = report.decided.find(verdict);
        return it == report.decided.end() ? 0 : count_of(it->second, by);
    };
    out << "\n  decided by        granted   refused\n";
    int granted = 0, refused = 0;
    for (const char* by : {"tables", "commercial", "risk", "application"}) {
        const int yes = times("granted", by), no = times("refused", by);
        if (yes + no > 0) print_row(out, by, {yes, no});
        granted += yes;
        refused += no;
    }
    print_row(out, "all", {granted, refused});
}

void print_repaid(std::ostream& out, const Report& report) {
    if (report.repaid.empty()) return;
    out << "\n  repaid later      granted   refused\n";
    for (const auto& [repaid, verdicts] : report.repaid) print_row(out, repaid, {count_of(verdicts, "granted"), count_of(verdicts, "refused")});
}

void print_services(std::ostream& out, const Report& report) {
    if (report.services.empty()) return;
    out << "\n  service             calls    failed      keys      done\n";
    for (const auto& [name, count] : report.services) print_row(out, name, {count.calls, count.failed, count.keys, count.steps});
}

}  // namespace

void print(std::ostream& out, const Report& report) {
    out << report.ended << " of " << report.applicants << " applications ended in " << seconds(report.seconds) << "; from application to end "
        << seconds(quantile(report.durations, 0.5)) << " for half of them, " << seconds(quantile(report.durations, 0.99)) << " for 99 %\n";
    print_decisions(out, report);
    print_repaid(out, report);
    print_services(out, report);
    out << '\n';
    for (std::size_t i = 0; i < std::min(report.problems.size(), most_problems); ++i) out << "  WRONG: " << report.problems[i] << '\n';
    if (report.problems.size() > most_problems) out << "  and " << report.problems.size() - most_problems << " more\n";
    if (report.is_good()) out << "  every application ended, none twice, nothing was done twice, no incident is open\n";
}

void print_json(std::ostream& out, const Report& report) {
    Object object, decided, repaid, services;
    Poco::JSON::Array problems;
    for (const auto& [verdict, by] : report.decided) {
        Object counts;
        for (const auto& [who, count] : by) counts.set(who, count);
        decided.set(verdict, counts);
    }
    for (const auto& [what, verdicts] : report.repaid) {
        Object counts;
        for (const auto& [verdict, count] : verdicts) counts.set(verdict, count);
        repaid.set(what, counts);
    }
    for (const auto& [name, c] : report.services) {
        Object count;
        count.set("calls", c.calls);
        count.set("failed", c.failed);
        count.set("keys", c.keys);
        count.set("steps", c.steps);
        services.set(name, count);
    }
    for (const auto& problem : report.problems) problems.add(problem);
    object.set("applicants", report.applicants);
    object.set("ended", report.ended);
    object.set("seconds", report.seconds);
    object.set("medianSeconds", quantile(report.durations, 0.5));
    object.set("p99Seconds", quantile(report.durations, 0.99));
    object.set("decided", decided);
    object.set("repaid", repaid);
    object.set("services", services);
    object.set("problems", problems);
    out << write(object) << '\n';
}

}  // namespace loan

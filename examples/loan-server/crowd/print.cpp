// The report as a table and as JSON.
#include "crowd/report.hpp"

#include <Poco/JSON/Array.h>

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace loan {
namespace {

constexpr std::size_t most_problems = 20;

int sum(const std::map<std::string, int>& counts) {
    int all = 0;
    for (const auto& [name, count] : counts) all += count;
    return all;
}

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

void print_decisions(std::ostream& out, const Report& report) {
    out << "\n  decided by        granted   refused\n";
    for (const char* by : {"tables", "commercial", "risk", "application"}) {
        int granted = 0, refused = 0;
        if (const auto it = report.decided.find("granted"); it != report.decided.end()) granted = count_of(it->second, by);
        if (const auto it = report.decided.find("refused"); it != report.decided.end()) refused = count_of(it->second, by);
        if (granted + refused > 0) out << "  " << std::left << std::setw(14) << by << std::right << std::setw(11) << granted << std::setw(10) << refused << '\n';
    }
    out << "  all           ";
    for (const char* verdict : {"granted", "refused"})
        out << std::setw(verdict[0] == 'g' ? 9 : 10) << (report.decided.contains(verdict) ? sum(report.decided.at(verdict)) : 0);
    out << '\n';
}

void print_repaid(std::ostream& out, const Report& report) {
    if (report.repaid.empty()) return;
    out << "\n  repaid later      granted   refused\n";
    for (const auto& [repaid, verdicts] : report.repaid)
        out << "  " << std::left << std::setw(14) << repaid << std::right << std::setw(11) << count_of(verdicts, "granted") << std::setw(10)
            << count_of(verdicts, "refused") << '\n';
}

void print_services(std::ostream& out, const Report& report) {
    if (report.services.empty()) return;
    out << "\n  service             calls    failed      keys   things done\n";
    for (const auto& [name, count] : report.services)
        out << "  " << std::left << std::setw(14) << name << std::right << std::setw(11) << count.calls << std::setw(10) << count.failed << std::setw(10)
            << count.keys << std::setw(14) << count.steps << '\n';
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

/// What came of all rows, as tables and as JSON.
#include "cli/run/rows.hpp"
#include "cli/run/story.hpp"
#include "value/temporal_text.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

namespace kontor::cli::run {
namespace {

using Counts = std::map<std::string, std::size_t>;

std::string seconds_text(double seconds) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f s", seconds);
    return text;
}

std::string share(std::size_t part, std::size_t whole) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f %%", whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
    return text;
}

void print_counts(const Counts& counts, std::size_t whole, Style style, const Output& out) {
    for (const auto& [name, count] : counts)
        out.stream << "  " << out.styled(style, padded(shortened(printable(name), 40), 28)) << padded(std::to_string(count), 8, true)
                   << padded(share(count, whole), 10, true) << '\n';
}

/// End events against the values of the column.
void print_compared(const Summary& summary, const std::string& column, const Output& out) {
    std::set<std::string> ends;
    for (const auto& [value, counts] : summary.compared)
        for (const auto& [end, count] : counts) ends.insert(end);
    std::size_t longest = width(column);
    for (const auto& [value, counts] : summary.compared) longest = std::max(longest, width(printable(value)));
    const auto column_width = [](const std::string& end) { return std::max<std::size_t>(width(end), 8) + 2; };
    out.stream << '\n' << "  " << out.styled(Style::bold, padded(printable(column), longest));
    for (const auto& end : ends) out.stream << out.styled(Style::bold, padded(printable(end), column_width(end), true));
    out.stream << '\n';
    for (const auto& [value, counts] : summary.compared) {
        out.stream << "  " << padded(printable(value), longest);
        for (const auto& end : ends) {
            const auto found = counts.find(end);
            out.stream << padded(std::to_string(found == counts.end() ? 0 : found->second), column_width(end), true);
        }
        out.stream << '\n';
    }
}

Duration average(const Summary& summary) {
    std::size_t ended = summary.instances;
    if (const auto refused = summary.others.find("refused"); refused != summary.others.end()) ended -= refused->second;
    return ended == 0 ? Duration{} : summary.virtual_sum / static_cast<Duration::rep>(ended);
}

Value counted(const Counts& counts) {
    Variables all;
    for (const auto& [name, count] : counts) all.set(name, count);
    return all;
}

std::string iso(Duration d) { return to_string(DaysDuration{d.count() / 1000, static_cast<std::int32_t>(d.count() % 1000) * 1'000'000}); }

}  // namespace

void print(const Summary& summary, const RowsOptions& options, const Output& out) {
    out.stream << out.styled(Style::bold, std::to_string(summary.instances) + (summary.instances == 1 ? " instance" : " instances")) << " in "
               << seconds_text(summary.seconds) << ", of virtual time " << spoken(average(summary))
               << " on average and " << spoken(summary.virtual_longest) << " at most\n";
    print_counts(summary.ended, summary.instances, Style::good, out);
    print_counts(summary.others, summary.instances, Style::bad, out);
    const auto incidents = summary.others.find("incident");
    const std::size_t stopped = incidents == summary.others.end() ? 0 : incidents->second;
    out.stream << "  " << padded("incidents", 28) << padded(std::to_string(stopped), 8, true) << '\n';
    constexpr std::size_t most = 10;
    std::size_t told = 0;
    for (const auto& [reason, count] : summary.reasons) {
        if (told++ == most) {
            out.stream << "  and " << summary.reasons.size() - most << " other reasons\n";
            break;
        }
        out.stream << "  " << count << " times: " << printable(reason) << '\n';
    }
    if (options.compare) print_compared(summary, *options.compare, out);
}

Value to_value(const Summary& summary, const RowsOptions& options) {
    const auto incidents = summary.others.find("incident");
    Variables all{{"event", "summary"},
                  {"instances", summary.instances},
                  {"ended", counted(summary.ended)},
                  {"others", counted(summary.others)},
                  {"incidents", incidents == summary.others.end() ? 0 : incidents->second},
                  {"virtualDuration", Variables{{"average", iso(average(summary))}, {"longest", iso(summary.virtual_longest)}}},
                  {"seconds", Decimal::parse(seconds_text(summary.seconds).substr(0, seconds_text(summary.seconds).find(' ')))}};
    if (options.compare) {
        Variables rows;
        for (const auto& [value, counts] : summary.compared) rows.set(value, counted(counts));
        all.set("compare", Variables{{"column", *options.compare}, {"counts", rows}});
    }
    return all;
}

}  // namespace kontor::cli::run

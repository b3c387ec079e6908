// Timers.
#include "yaml/flow/reading.hpp"

#include "value/temporal_text.hpp"

#include <algorithm>
#include <array>

namespace kontor::yaml {

namespace {

constexpr std::array<Key, 6> timer_table{{{"duration", Shape::expression, "how long to wait"},
                                          {"date", Shape::expression, "when"},
                                          {"cycle", Shape::expression, "ISO 8601 repetition, for example R3/P1D"},
                                          {"cron", Shape::text, "", not_yet},
                                          {"misfire", Shape::text, "", not_yet},
                                          {"calendar", Shape::text, "", not_yet}}};

using TimerKind = model::TimerEvent::Kind;

/// R3/P1D, R/PT1H, R5/2026-03-01T09:00:00Z/P1D
bool is_repetition(std::string_view text) {
    if (!text.starts_with('R')) return false;
    const auto slash = text.find('/');
    const auto last = text.rfind('/');
    if (slash == text.npos || !std::ranges::all_of(text.substr(1, slash - 1), [](char c) { return c >= '0' && c <= '9'; }))
        return false;
    if (last != slash && !parse_date_time(text.substr(slash + 1, last - slash - 1))) return false;
    const auto length = parse_days_duration(text.substr(last + 1));
    return length && (length->seconds > 0 || length->nanoseconds > 0);
}

/// What a fixed text means as a timer.
std::optional<std::pair<TimerKind, Value>> timer_literal(const std::string& text) {
    if (const auto duration = parse_days_duration(text)) return std::pair{TimerKind::duration, Value{*duration}};
    if (const auto months = parse_months_duration(text)) return std::pair{TimerKind::duration, Value{*months}};
    if (is_repetition(text)) return std::pair{TimerKind::cycle, Value{text}};
    if (const auto at = parse_date_time(text)) return std::pair{TimerKind::date, Value{*at}};
    return std::nullopt;
}

std::optional<model::TimerEvent> read_timer_text(const Site& site, const Node& node, const Names& names,
    std::optional<TimerKind> wanted) {
    if (is_expression(node)) {
        auto formula = read_expression(site, node, "timer", names);
        return formula ? std::optional{model::TimerEvent{wanted.value_or(TimerKind::duration), std::move(*formula)}}
            : std::nullopt;
    }
    const auto literal = node.is_scalar() ? timer_literal(node.text) : std::nullopt;
    if (literal && (!wanted || *wanted == literal->first))
        return model::TimerEvent{literal->first, {feel::Expression::literal(literal->second), node.position}};
    const bool business = node.is_scalar() && node.text.starts_with('P') && node.text.ends_with("BD");
    if (business) site.error(node, "not-supported-yet", "banking days (" + quoted(node.text)
        + ") are not supported by this version yet", "write days, for example P2D");
    else site.wanted("timer", "a duration (P2D), a date and time, a repetition (R/P1D) or an expression", node);
    return std::nullopt;
}

}  // namespace

Keys timer_keys() { return timer_table; }

std::optional<model::TimerEvent> read_timer(const Reading& reading, const Node& node, const Names& names) {
    const Site& site = reading.site;
    if (!node.is_map()) return read_timer_text(site, node, names, std::nullopt);
    const Fields fields{site, node, "timer", {timer_table}};
    std::optional<model::TimerEvent> timer;
    int given = 0;
    for (const auto& [key, kind] : {std::pair{"duration", TimerKind::duration}, {"date", TimerKind::date},
        {"cycle", TimerKind::cycle}}) {
        if (const Node* value = fields[key]) {
            ++given;
            timer = read_timer_text(site, *value, names, kind);
        }
    }
    if (given > 1 || (given == 0 && !node.find("cron")))
        site.error(node, "wrong-type", "`timer` wants exactly one of duration, date and cycle");
    return timer;
}

}  // namespace kontor::yaml

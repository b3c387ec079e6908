/// Inputs, outputs, retries, calls, timers and forms: what elements have inside.
#include "yaml/flow/reading.hpp"

#include "value/temporal_text.hpp"

#include <algorithm>
#include <array>

namespace kontor::yaml {

namespace {

constexpr std::array<Key, 4> retry_table{{{"attempts", Shape::count, "how often in all; 1 is no repetition"},
                                          {"backoff", Shape::duration, "wait before the second attempt; doubled after each"},
                                          {"maxBackoff", Shape::duration, "the longest wait"},
                                          {"onExhausted", Shape::text,
                                              "the BPMN error that is thrown then; without it an incident"}}};
constexpr std::array<Key, 3> call_table{{{"service", Shape::text, "name of the service that is called", required},
                                         {"retry", Shape::retry, "how a failed call is repeated"},
                                         {"timeout", Shape::duration, "how long one attempt may take; overrides `services:`"}}};
constexpr std::array<Key, 6> timer_table{{{"duration", Shape::expression, "how long to wait"},
                                          {"date", Shape::expression, "when"},
                                          {"cycle", Shape::expression, "ISO 8601 repetition, for example R3/P1D"},
                                          {"cron", Shape::text, "", not_yet},
                                          {"misfire", Shape::text, "", not_yet},
                                          {"calendar", Shape::text, "", not_yet}}};
constexpr std::array<Key, 3> form_table{{{"type", Shape::type_ref, "type of the field"},
                                         {"allowedValues", Shape::anything, "the only values that are accepted"},
                                         {"required", Shape::flag, "whether a completion must send it"}}};

bool service_matches(std::string_view pattern, std::string_view service) {
    return pattern.ends_with('*') ? service.starts_with(pattern.substr(0, pattern.size() - 1)) : pattern == service;
}

/// The declaration that says most: the longest pattern.
const model::ServiceDeclaration* declaration_of(const model::Process& process, std::string_view service) {
    const model::ServiceDeclaration* best = nullptr;
    for (const auto& declaration : process.services)
        if (service_matches(declaration.pattern, service) && (!best || declaration.pattern.size() > best->pattern.size()))
            best = &declaration;
    return best;
}

model::Mapping whole_result(std::string target, Position at) {
    auto result = feel::Expression::parse("result");
    return {std::move(target), {std::get<feel::Expression>(std::move(result)), at}, at};
}

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

}  // namespace

Keys retry_keys() { return retry_table; }
Keys call_keys() { return call_table; }
Keys timer_keys() { return timer_table; }
Keys form_keys() { return form_table; }

Names ElementContext::names(std::vector<std::string_view> more) const {
    Names known{reading.process, place.scope, std::move(more)};
    for (const std::string_view local : locals) known.add(local);
    return known;
}

void read_input(const ElementContext& context) {
    const Node* input = context.fields["input"];
    if (!input || !expect_map(context.reading.site, *input, "input", "a mapping of names to values and expressions")) return;
    for (const Entry& entry : input->entries)
        if (auto formula = read_formula(context.reading.site, entry.value, entry.key.text, context.names()))
            context.element().input.push_back({entry.key.text, std::move(*formula), entry.key.position});
}

std::vector<model::Mapping> read_output(const Reading& reading, const Node& output, const Names& names) {
    return read_output(reading, output, names, names);
}

std::vector<model::Mapping> read_output(const Reading& reading, const Node& output, const Names& sources, const Names& targets) {
    std::vector<model::Mapping> mappings;
    const Site& site = reading.site;
    if (output.is_scalar()) {
        if (is_expression(output)) {
            site.error(output, "wrong-type", "`output` wants a variable's name, not an expression",
                "write `output: { NAME: = ... }`");
            return mappings;
        }
        const bool fits = check_name(site, output, "variable") && check_declared(site, output, output.text, targets);
        if (fits && !sources.has_local("result"))
            site.error(output, "wrong-type", "there is no `result` to store in " + quoted(output.text),
                "write `output: { " + output.text + ": = ... }`");
        else if (fits) mappings.push_back(whole_result(output.text, output.position));
        return mappings;
    }
    if (!expect_map(site, output, "output", "a variable's name, or a mapping of variables to expressions")) return mappings;
    for (const Entry& entry : output.entries) {
        const bool fits = check_name(site, entry.key, "variable") && check_declared(site, entry.key, entry.key.text, targets);
        auto formula = read_formula(site, entry.value, entry.key.text, sources);
        if (!fits || !formula) continue;
        const model::Variable* variable = targets.variable(entry.key.text);
        const Value* constant = formula->expression.constant();
        if (variable && constant)
            if (auto found = model::mismatch(*variable->type, *constant, variable->name))
                site.error(entry.value, "wrong-type", *found);
        mappings.push_back({entry.key.text, std::move(*formula), entry.key.position});
    }
    return mappings;
}

model::RetryPolicy read_retry(const Site& site, const Node& node, model::RetryPolicy base) {
    if (!expect_map(site, node, "retry", "a mapping such as { attempts: 3, backoff: PT1S }")) return base;
    const Fields fields{site, node, "retry", {retry_table}};
    if (const Node* attempts = fields["attempts"]) base.attempts =
        read_count(site, *attempts, "attempts").value_or(base.attempts);
    if (const Node* backoff = fields["backoff"]) base.backoff = read_duration(site, *backoff, "backoff").value_or(base.backoff);
    if (const Node* longest = fields["maxBackoff"]) base.max_backoff =
        read_duration(site, *longest, "maxBackoff").value_or(base.max_backoff);
    if (const Node* code = fields["onExhausted"]) base.on_exhausted = read_text(site, *code, "onExhausted");
    base.max_backoff = std::max(base.max_backoff, base.backoff);
    return base;
}

std::optional<model::Call> read_call(const ElementContext& context) {
    const Site& site = context.reading.site;
    const Node* service = context.fields["service"];
    auto name = service ? read_text(site, *service, "service") : std::nullopt;
    if (!name) return std::nullopt;
    model::Call call;
    call.retry = context.reading.retry;
    if (const auto* declared = declaration_of(context.reading.process, *name)) {
        call.contract = declared->contract;
        call.timeout = declared->timeout;
    }
    call.service = std::move(*name);
    if (const Node* retry = context.fields["retry"]) call.retry = read_retry(site, *retry, call.retry);
    if (const Node* timeout = context.fields["timeout"]) call.timeout = read_duration(site, *timeout, "timeout");
    return call;
}

namespace {

using TimerKind = model::TimerEvent::Kind;

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

std::vector<model::FormField> read_form(const Reading& reading, const Node& node) {
    std::vector<model::FormField> form;
    if (!expect_map(reading.site, node, "form", "a mapping of field names to types")) return form;
    for (const Entry& entry : node.entries) {
        model::FormField field;
        field.name = entry.key.text;
        if (entry.value.is_map()) {
            const Fields fields{reading.site, entry.value, "the form field " + quoted(field.name), {form_table}};
            if (const Node* is_required = fields["required"])
                field.required = read_flag(reading.site, *is_required, "required").value_or(false);
        }
        field.type = reading.types.declared(reading.site, entry.value, field.name);
        form.push_back(std::move(field));
    }
    return form;
}

}  // namespace kontor::yaml

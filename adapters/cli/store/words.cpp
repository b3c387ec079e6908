#include "cli/store/words.hpp"

#include "value/temporal_text.hpp"
#include "value/wording.hpp"

#include <algorithm>

namespace kontor::cli {
namespace {

std::string people_of(const runtime::Waiting& w) {
    if (!w.assignee.empty()) return w.assignee;
    if (!w.candidate_groups.empty()) return "a person of " + joined(w.candidate_groups, " or ");
    return w.candidate_users.empty() ? "a person" : joined(w.candidate_users, " or ");
}

std::string attempt(const runtime::Waiting& w) {
    std::string text = "attempt " + std::to_string(w.attempt);
    if (w.failures > 0) text += ", " + std::to_string(w.failures) + " of " + std::to_string(w.attempts) + " failed";
    return text;
}

std::string because(const runtime::Waiting& w) { return w.text.empty() ? "" : ": " + w.text; }

Value texts(const std::vector<std::string>& all) { return std::vector<Value>{all.begin(), all.end()}; }

Variables to_variables(const runtime::Waiting& w) {
    Variables all{{"for", runtime::to_string(w.what)}, {"element", w.element}};
    const auto put = [&](const char* name, const std::string& text) {
        if (!text.empty()) all.set(name, text);
    };
    put("watches", w.beside);
    if (w.since) all.set("since", kontor::to_string(*w.since));
    if (w.until) all.set("until", kontor::to_string(*w.until));
    put("service", w.service);
    if (w.attempt > 0) all.set("attempt", w.attempt), all.set("attempts", w.attempts), all.set("failures", w.failures);
    put("message", w.message);
    put("correlationKey", w.correlation_key);
    if (w.key) all.set("key", std::to_string(w.key));
    put("assignee", w.assignee);
    if (!w.candidate_groups.empty()) all.set("candidateGroups", texts(w.candidate_groups));
    if (!w.candidate_users.empty()) all.set("candidateUsers", texts(w.candidate_users));
    put("kind", w.kind);
    put("text", w.text);
    put("mend", w.mend);
    return all;
}

}  // namespace

std::string moment(Instant at) {
    std::string text = kontor::to_string(at).substr(0, 19);
    std::replace(text.begin(), text.end(), 'T', ' ');
    return text;
}

Style style_of(State state) noexcept {
    switch (state) {
        case State::running: return Style::plain;
        case State::completed: return Style::good;
        case State::incident:
        case State::failed: return Style::bad;
        case State::suspended:
        case State::cancelling:
        case State::cancelled: return Style::warning;
    }
    return Style::plain;
}

void print_heading(const Output& out, const InstanceInfo& info) {
    std::string text = info.process + " " + info.key.str();
    if (!info.business_key.empty()) text += " (" + info.business_key + ")";
    text += ", version " + std::to_string(info.version) + ": ";
    out.stream << out.styled(Style::bold, printable(text)) << out.styled(style_of(info.state), to_string(info.state)) << '\n';
}

std::string words_for(const runtime::Waiting& w) {
    using enum runtime::Waiting::For;
    switch (w.what) {
        case service: return "the call of service " + w.service + ", " + attempt(w);
        case answer: return "the answer of service " + w.service + ", no later than " + moment(*w.until);
        case retry: return "the next call of service " + w.service + " at " + moment(*w.until) + ", " + attempt(w) + because(w);
        case query: return "service " + w.service + " to say what became of a call";
        case person: return people_of(w) + (w.until ? ", due " + moment(*w.until) : "") + ", task " + std::to_string(w.key);
        case message: return "message " + w.message + (w.correlation_key.empty() ? "" : " (key " + w.correlation_key + ")");
        case time: return "the time " + moment(*w.until);
        case branches: return "other branches";
        case incident: return "somebody who helps: incident " + std::to_string(w.key) + " (" + w.kind + ")" + because(w);
    }
    return {};
}

void print_waits(const Output& out, const std::vector<runtime::Waiting>& waits) {
    std::size_t longest = 0;
    for (const auto& w : waits) longest = std::max(longest, std::min<std::size_t>(width(w.element), 40));
    for (const auto& w : waits) {
        using enum runtime::Waiting::For;
        const Style style = w.what == incident ? Style::bad : w.what == person ? Style::person : Style::plain;
        out.stream << "  " << padded(shortened(printable(w.element), 40), longest) << (w.beside.empty() ? "  waits for " : "  listens for ")
                   << out.styled(style, printable(words_for(w)));
        if (w.since) out.stream << out.styled(Style::faint, ", since " + moment(*w.since));
        out.stream << '\n';
        if (!w.mend.empty()) out.stream << std::string(longest + 4, ' ') << out.styled(Style::faint, w.mend) << '\n';
    }
}

Value to_values(const std::vector<runtime::Waiting>& waits) {
    std::vector<Value> all;
    for (const auto& w : waits) all.emplace_back(to_variables(w));
    return all;
}

Variables to_variables(const InstanceInfo& info) {
    return {{"key", info.key.str()},          {"process", info.process},
            {"version", info.version},        {"businessKey", info.business_key},
            {"state", to_string(info.state)}, {"startedAt", kontor::to_string(info.started_at)},
            {"changedAt", kontor::to_string(info.changed_at)}};
}
Variables to_variables(const TaskInfo& task) {
    return {{"key", task.key.str()},
            {"instance", task.instance.str()},
            {"process", task.process},
            {"element", task.element},
            {"assignee", task.assignee},
            {"candidateGroups", texts(task.candidate_groups)},
            {"candidateUsers", texts(task.candidate_users)},
            {"createdAt", kontor::to_string(task.created_at)},
            {"due", task.due ? Value{kontor::to_string(*task.due)} : Value{}}};
}
Variables to_variables(const IncidentInfo& incident) {
    return {{"key", incident.key.str()},   {"instance", incident.instance.str()},
            {"process", incident.process}, {"element", incident.element},
            {"kind", incident.kind},       {"message", incident.message},
            {"raisedAt", kontor::to_string(incident.raised_at)}};
}

void print_next(const Output& out, const std::optional<Cursor>& next) {
    if (next) out.stream << out.styled(Style::faint, "there is more: --after " + next->text) << '\n';
}

}  // namespace kontor::cli

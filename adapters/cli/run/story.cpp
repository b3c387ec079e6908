#include "cli/run/story.hpp"

#include "cli/run/telling.hpp"
#include "value/calendar.hpp"
#include "value/temporal_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace kontor::cli::run {
namespace {

constexpr std::size_t line_width = 150;

std::string day_of(const DateTime& at) {
    static constexpr std::array names{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    return std::string{names[static_cast<std::size_t>(calendar::weekday(at.date) - 1)]} + " " + kontor::to_string(at.date);
}

}  // namespace

std::string spoken(Duration d) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(d).count();
    const std::array<std::pair<std::int64_t, const char*>, 4> parts{
        {{seconds / 86'400, "days"}, {seconds / 3'600 % 24, "h"}, {seconds / 60 % 60, "min"}, {seconds % 60, "s"}}};
    std::string text;
    int told = 0;
    for (const auto& [count, unit] : parts) {
        if (count == 0 || told == 2) continue;
        text += (text.empty() ? "" : " ") + std::to_string(count) + " " + (count == 1 && unit == std::string_view{"days"} ? "day" : unit);
        ++told;
    }
    return text.empty() ? "0 s" : text;
}

std::string shown(const Value& value) {
    const std::string* text = value.if_string();
    return text && *text == journal::Masking::mask ? *text : feel::to_feel(value);
}

void Story::follow(const core::Record& record, const model::Definition& definition) {
    auto& chapter = chapters_[record.instance];
    if (!chapter) chapter = std::make_shared<Chapter>(definition, plan_.unmasked);
    tell_begun(record.at);
    for (const core::Event& event : record.events) {
        const Told told = chapter->tell(event);
        if (told.finishes) begun_.erase(told.finishes);
        if (told.begins && begun_.contains(told.begins) && !told.more.empty()) begun_[told.begins].text += " or " + told.more;
        else if (told.begins) begun_[told.begins] = {record.instance, told.name, told.text};
        else if (!told.text.empty()) line(record.instance, told.name, told.text, told.style);
    }
}

void Story::tell_begun(Instant now) {
    if (now > now_) {
        for (const auto& [key, begun] : begun_) line(begun.instance, begun.name, begun.text, Style::faint);
        begun_.clear();
    }
    now_ = now;
}

void Story::line(InstanceKey instance, const std::string& name, const std::string& text, Style style) {
    constexpr std::size_t name_width = 28;
    const auto local = calendar::in_zone(now_, plan_.main->process.time_zone);
    const DateTime at = local ? *local : *calendar::in_zone(now_, "UTC");
    if (const std::string day = day_of(at); day != day_) {
        out_.stream << out_.styled(Style::bold, day) << '\n';
        day_ = day;
    }
    std::array<char, 16> clock{};
    std::snprintf(clock.data(), clock.size(), "%02u:%02u:%02u", at.time.hour, at.time.minute, at.time.second);
    const auto& chapter = chapters_.at(instance);
    const bool other = &chapter->definition() != plan_.main.get();
    std::string shown = printable(name);
    if (const std::string& id = chapter->definition().process.id; other && name != id) shown = id + ": " + shown;
    const std::string told = shortened(printable(text), line_width - name_width);
    out_.stream << "  " << out_.styled(Style::faint, clock.data()) << "  " << padded(shortened(shown, 40), name_width) << "  "
                << out_.styled(style, told) << '\n';
}

void Story::tell_open() {
    for (const auto& [key, begun] : begun_) line(begun.instance, begun.name, begun.text, Style::faint);
    begun_.clear();
}

void Story::end(const Ending& ending) {
    tell_open();
    const bool good = ending.status == Status::completed;
    const bool bad = ending.status == Status::incident || ending.status == Status::failed;
    std::string outcome{to_string(ending.status)};
    if (good && !ending.end_event.empty()) outcome += " at " + ending.end_event;
    if (ending.status == Status::waiting) {
        outcome += " at";
        for (const std::string& id : ending.waits_at) outcome += (&id == &ending.waits_at.front() ? " " : ", ") + id;
    }
    out_.stream << '\n' << out_.styled(good ? Style::good : bad ? Style::bad : Style::warning, printable(outcome));
    out_.stream << " after " << spoken(ending.lasted) << " of virtual time\n";
    for (const std::string& reason : ending.reasons) out_.stream << "  " << printable(reason) << '\n';

    const journal::Masking masking{plan_.main->process};
    bool masked = false;
    std::size_t longest = 0;
    for (const auto& entry : ending.variables) longest = std::max(longest, width(entry.name));
    if (!ending.variables.empty()) out_.stream << "variables\n";
    for (const auto& entry : ending.variables) {
        const Value value = plan_.unmasked ? entry.value : masking.variable(entry.name, entry.value);
        out_.stream << "  " << padded(printable(entry.name), longest) << "  " << shortened(printable(shown(value)), line_width - longest) << '\n';
        masked = masked || !(value == entry.value);
    }
    if (masked) out_.stream << "--unmasked shows the values of sensitive variables\n";
}

}  // namespace kontor::cli::run

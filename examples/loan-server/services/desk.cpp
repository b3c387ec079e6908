#include "services/desk.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>

namespace loan {
namespace {

/// Applicants with smaller numbers come from the data, which have no unpaid claims; those with larger ones were typed in by somebody.
constexpr double end_of_data = 1'000'000;

std::uint64_t chance(const std::string& operation, const std::string& subject, unsigned seed) {
    return digest(operation + '/' + subject + '/' + std::to_string(seed));
}

Outcome done(const Object& result) { return {200, write(result)}; }

Outcome refused(const std::string& code, const std::string& message) {
    Object body;
    body.set("code", code);
    body.set("message", message);
    return {422, write(body)};
}

Outcome check_application(const std::string&, const Object& input, unsigned) {
    const auto refuse = [](const std::string& why) { return refused("NOT_PLAUSIBLE", why); };
    const double amount = number_of(input, "amount"), months = number_of(input, "months"), installment = number_of(input, "installment");
    if (amount <= 0) return refuse("the amount is not above 0");
    if (amount > 100'000) return refuse("more than 100,000 DM is no consumer credit");
    if (months < 1 || months > 120) return refuse("it would not be paid back within 1 to 120 months");
    if (installment < 1 || installment > 4) return refuse("the class of the instalment is none of 1 to 4");
    return done(Object{});
}

Outcome check_credit(const std::string& operation, const Object& input, unsigned seed) {
    const std::string applicant = text_of(input, "applicant");
    const auto dice = chance(operation, applicant, seed);
    const bool from_data = number_of(input, "applicant") < end_of_data;
    if (!from_data && dice % 25 == 0) return refused("UNKNOWN_PERSON", "nobody is known under this number");
    Object report;
    report.set("id", "B-" + applicant);
    report.set("unpaid", !from_data && dice % 10 == 1 ? static_cast<int>(dice / 10 % 3) + 1 : 0);
    return done(report);
}

Outcome value_property(const std::string& operation, const Object& input, unsigned seed) {
    struct Range {
        std::string_view kind;
        std::uint64_t least, most;   // thousands of DM
    };
    static constexpr std::array<Range, 3> ranges{{{"real_estate", 60, 400}, {"savings_or_life_insurance", 2, 40}, {"car_or_other", 1, 25}}};
    const std::string kind = text_of(input, "property");
    const auto range = std::ranges::find(ranges, kind, &Range::kind);
    Object value;
    if (range == ranges.end()) value.set("amount", 0);
    else value.set("amount", 1000 * (range->least + chance(operation, text_of(input, "applicant"), seed) % (range->most - range->least)));
    return done(value);
}

Outcome record_decision(const std::string& operation, const Object& input, unsigned seed) {
    const std::string application = text_of(input, "application");
    char check[5];
    std::snprintf(check, sizeof check, "%04x", static_cast<unsigned>(chance(operation, application, seed) & 0xffff));
    Object decision;
    decision.set("number", "D-" + application + "-" + check);
    decision.set("by", text_of(input, "by"));
    return done(decision);
}

/// What it sends stays in its book: there is no mail in an example.
Outcome notify(const std::string&, const Object&, unsigned) { return done(Object{}); }

constexpr std::array<Desk, 5> all{{{"applications", "application.*", "application.check", "applicant", check_application},
                                   {"credit", "credit.*", "credit.check", "applicant", check_credit},
                                   {"property", "property.*", "property.value", "applicant", value_property},
                                   {"decision", "decision.*", "decision.record", "application", record_decision},
                                   {"notification", "notify.*", "notify.client notify.staff", "to", notify}}};

}  // namespace

std::span<const Desk> desks() { return all; }

const Desk& desk(std::string_view name) {
    const auto it = std::ranges::find(all, name, &Desk::name);
    if (it != all.end()) return *it;
    std::string names;
    for (const auto& d : all) names += (names.empty() ? "" : ", ") + std::string{d.name};
    throw std::invalid_argument{"there is no service " + std::string{name} + "; there are " + names};
}

bool offers(const Desk& desk, std::string_view operation) {
    return !operation.empty() && (" " + std::string{desk.operations} + " ").find(" " + std::string{operation} + " ") != std::string::npos;
}

std::uint64_t digest(std::string_view text) {
    std::uint64_t hash = 14695981039346656037U;   // FNV-1a, then mixed, since similar texts should give unlike numbers
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9U;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebU;
    return hash ^ (hash >> 31);
}

}  // namespace loan

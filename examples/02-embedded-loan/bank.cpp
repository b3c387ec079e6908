#include "bank.hpp"

#include <algorithm>

using namespace kontor;
using namespace kontor::literals;

void Bank::note(std::string line) {
    const std::scoped_lock lock{mutex_};
    diary_.push_back(std::move(line));
}

std::vector<std::string> Bank::diary() {
    const std::scoped_lock lock{mutex_};
    std::vector<std::string> lines;
    lines.swap(diary_);
    std::ranges::sort(lines);   // calls that run at the same time have no order
    return lines;
}

/// The same key on every attempt: a real bank looks it up before it reserves a second time.
Answer Bank::reserve_funds(const ServiceCall& call) {
    const auto amount = call.input().get<Decimal>("amount");
    if (amount > "1000000.00"_dec) throw BusinessError{"LIMIT_EXCEEDED", "above the desk's limit"};
    note("reserved " + amount.str());
    return {{"reservation", "R-" + call.input().get<std::string>("application")}};
}

/// A constant instalment's simple estimate, rounded where money is rounded.
Answer Bank::make_schedule(const ServiceCall& call) {
    const auto amount = call.input().get<Decimal>("amount");
    const auto rate = call.input().get<Decimal>("rate");   // per cent a year
    const auto months = call.input().get<Decimal>("months");
    const auto interest = amount * rate / "1200"_dec;
    return {{"instalment", (amount / months + interest).rounded(2, Rounding::half_even)}};
}

std::vector<Binding> Bank::services() {
    const auto done = [this](const char* what) {
        return [this, what](const ServiceCall&) -> Answer {
            note(what);
            return Variables{};
        };
    };
    return {
        {"dossier.validate", [](const ServiceCall&) -> Answer { return {{"complete", true}}; }},
        {"credit.check", [](const ServiceCall&) -> Answer { return {{"id", "K-1"}, {"score", 735}, {"monthlyDebt", "900.00"_dec}}; }},
        {"credit.cancel", done("took the credit inquiry back")},
        {"property.value", [](const ServiceCall&) -> Answer { return {{"amount", "320000.00"_dec}}; }},
        {"funds.reserve", [this](const ServiceCall& call) { return reserve_funds(call); }},
        {"funds.release", done("released the funds")},
        {"funds.pay-out", done("paid out")},
        {"funds.recall", done("recalled the payment")},
        {"account.block", [this](const ServiceCall& call) -> Answer {
             note("blocked the client's own money");
             return {{"account", "A-9"}, {"blocked", call.input().at("amount")}};
         }},
        {"account.unblock", done("unblocked the client's own money")},
        {"offer.schedule", [this](const ServiceCall& call) { return make_schedule(call); }},
        {"notify.*", [this](const ServiceCall& call) -> Answer {
             note("told the " + std::string{call.service().substr(7)} + ": " + call.input().get_or<std::string>("template", "-"));
             return Variables{};
         }},
    };
}

// The home loan in a program that plays the bank. usage: 02-embedded-loan [STORE]
#include "bank.hpp"
#include "clock.hpp"

#include <kontor/kontor.hpp>

#include <iostream>
#include <thread>

using namespace kontor;
using namespace kontor::literals;
using namespace std::chrono_literals;

namespace {

const std::string workflow = WORKFLOWS_FOLDER "/home-loan/";

Variables application(const std::string& id) {
    return {{"application", Variables{{"id", id},
                                      {"amount", "250000.00"_dec},
                                      {"months", 240},
                                      {"monthlyIncome", "6000.00"_dec},
                                      {"employment", "permanent"},
                                      {"ownFunds", "50000.00"_dec},
                                      {"documents", List{Variables{{"kind", "payslip"}}}},
                                      {"applicant", Variables{{"id", "C-7"}, {"name", "Camille Martin"}}},
                                      {"coBorrowers", List{}},
                                      {"property", Variables{{"id", "P-1"}, {"parcel", "01067"}}}}}};
}

/// Until the instance waits at this element.
void wait_at(const Engine& engine, InstanceKey loan, const std::string& element) {
    const auto until = std::chrono::steady_clock::now() + 30s;
    while (std::chrono::steady_clock::now() < until) {
        for (const auto& waiting : engine.waits(loan))
            if (waiting == element) return void(std::cout << "waits at " << element << '\n');
        std::this_thread::yield();
    }
    throw std::runtime_error{"it never came to " + element};
}

/// As a page for clerks would do it: the tasks of a group, then the decision of one of its members.
void decide(Engine& engine, InstanceKey loan, const std::string& group, const std::string& user, const std::string& decision) {
    const auto task = engine.tasks({.candidate_group = group, .instance = loan}).items.at(0);
    try {
        engine.complete(task.key, {.output = {{"decision", decision}, {"comment", "the income is stable"}}, .by = {user, {group}}});
        std::cout << user << " decides: " << decision << '\n';
    } catch (const Error& error) {
        std::cout << user << " is refused: " << to_string(error.code()) << '\n';
    }
}

void print(Bank& bank) {
    for (const auto& line : bank.diary()) std::cout << "  the bank " << line << '\n';
}

std::string end_of(Engine& engine, InstanceKey loan) { return std::get<Completed>(engine.wait_for(loan, 30s).value()).end_event; }

}  // namespace

int main(int count, char** arguments) try {
    const std::string file = count > 1 ? arguments[1] : "loans.db";
    const auto clock = std::make_shared<MovedClock>(Instant{std::chrono::sys_days{2026y / 3 / 2} + 9h});
    Bank bank;   // before the engine: it must outlive the handlers
    const auto options = [&] { return Options{.store = sqlite(file), .services = bank.services(), .clock = clock}; };

    InstanceKey granted, withdrawn;
    {
        Engine engine{options()};
        engine.deploy({yaml_file(workflow + "home-loan.yaml"), yaml_file(workflow + "loan-eligibility.decision.yaml")});
        engine.run();
        granted = engine.start({.process = "home-loan", .business_key = "L-1", .variables = application("L-1"), .request_id = "web-1"});
        withdrawn = engine.start({.process = "home-loan", .business_key = "L-2", .variables = application("L-2"), .request_id = "web-2"});
        for (const auto loan : {granted, withdrawn}) {
            wait_at(engine, loan, "commercial-review");
            decide(engine, loan, "commercial", "alice", "eligible");
            wait_at(engine, loan, "risk-review");
        }
        decide(engine, granted, "risk", "alice", "approve");   // she has reviewed the case: four eyes
    }   // no farewell: as if the process had been killed
    std::cout << "-- the program ends and starts again\n";

    Engine engine{options()};
    engine.run();
    std::cout << engine.instances({.process = "home-loan", .state = State::running}).items.size() << " loans go on\n";
    for (const auto loan : {granted, withdrawn}) {
        decide(engine, loan, "risk", "bob", "approve");
        wait_at(engine, loan, "reflection-over");
    }
    print(bank);

    std::cout << "-- ten days later\n";
    clock->advance(240h);
    wait_at(engine, granted, "answer-awaited");
    engine.publish({.name = "offer-answered", .correlation_key = "L-1", .payload = {{"accepted", true}}});
    wait_at(engine, granted, "deed-awaited");
    engine.publish({.name = "deed-signed", .correlation_key = "L-1"});
    std::cout << "L-1: " << end_of(engine, granted) << '\n';
    print(bank);

    engine.publish({.name = "application-withdrawn", .correlation_key = "L-2"});
    std::cout << "L-2: " << end_of(engine, withdrawn) << '\n';
    print(bank);
} catch (const Error& error) {
    std::cerr << error.what() << '\n';
    for (const auto& problem : error.problems()) std::cerr << to_string(problem) << '\n';
    return 3;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 3;
}

#include "kills/child.hpp"

#include <kontor/kontor.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

namespace kontor::test {
namespace {

using namespace kontor::literals;
using namespace std::chrono_literals;

/// Lines that survive the process, each whole.
class Log {
public:
    explicit Log(const std::filesystem::path& path) : file_{::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)} {}
    void line(std::string text) const {
        text += '\n';
        if (::write(file_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
    }

private:
    int file_;
};

Variables application(int number) {
    return {{"application", Variables{{"id", "L-" + std::to_string(number)},
                                      {"amount", 250000},
                                      {"months", 240},
                                      {"monthlyIncome", 6000},
                                      {"employment", "permanent"},
                                      {"ownFunds", 50000},
                                      {"documents", std::vector<Value>{Variables{{"kind", "payslip"}}}},
                                      {"applicant", Variables{{"id", "C-1"}}},
                                      {"coBorrowers", std::vector<Value>{}},
                                      {"property", Variables{{"id", "P-1"}, {"parcel", "01067"}}}}}};
}

/// All services: a call is noted before it is answered, and its answer follows from it alone.
Variables answer(const ServiceCall& call) {
    if (call.service() == "dossier.validate") return {{"complete", true}};
    if (call.service() == "credit.check") return {{"id", "K-1"}, {"score", 735}, {"monthlyDebt", 900}};
    if (call.service() == "property.value") {
        if (std::stoi(std::string{call.business_key().substr(2)}) % 7 == 3) throw BusinessError{"PROPERTY_NOT_FOUND"};
        return {{"amount", 320000}};
    }
    if (call.service() == "funds.reserve") return {{"reservation", "R-1"}};
    if (call.service() == "account.block") return {{"account", "A-9"}, {"blocked", 50000}};
    if (call.service() == "offer.schedule") return {{"instalment", "1400.12"_dec}};
    return {};
}

/// Answers on a thread of its own after a while; can be asked whether a call came through.
class Bank final : public Adapter {
public:
    explicit Bank(const std::filesystem::path& folder) : path_{folder / "calls.log"}, calls_{path_} {}

    void invoke(ServiceCall call, Reply reply) override {
        std::thread{[this, call = std::move(call), reply = std::move(reply)] {
            const std::string key{call.idempotency_key()};
            calls_.line(std::string{call.service()} + ' ' + key + ' ' + std::to_string(call.attempt()) + ' ' + std::string{call.business_key()});
            std::this_thread::sleep_for(std::chrono::microseconds{std::hash<std::string>{}(key) % 20'000});   // the work of the service
            reply_to(call, reply);
        }}.detach();
    }
    void query(ServiceCall call, Reply reply) override {
        const std::string key = ' ' + std::string{call.idempotency_key()} + ' ';
        if (saw([&](const std::string& line) { return line.find(key) != std::string::npos; })) reply_to(call, reply);
        else reply.never_happened();
    }
    [[nodiscard]] bool blocked(const std::string& application) const {
        return saw([&](const std::string& line) { return line.starts_with("account.block ") && line.ends_with(' ' + application); });
    }

private:
    template <class Fits>
    [[nodiscard]] bool saw(Fits fits) const {
        std::ifstream lines{path_};
        for (std::string line; std::getline(lines, line);)
            if (fits(line)) return true;
        return false;
    }
    static void reply_to(const ServiceCall& call, const Reply& reply) {
        try {
            reply.complete(answer(call));
        } catch (BusinessError& error) {
            reply.business_error(std::move(error));
        }
    }
    std::filesystem::path path_;
    Log calls_;
};

/// The days of the process are seconds here, and so is the minute before the valuer is called again whom a kill kept from being called.
Source hurried(const std::string& file) {
    Source source = yaml_file(file);
    for (std::size_t at; (at = source.text.find("timer: P10D")) != std::string::npos;) source.text.replace(at, 11, "timer: PT1S");
    for (std::size_t at; (at = source.text.find("backoff: PT1M")) != std::string::npos;) source.text.replace(at, 13, "backoff: PT1S");
    return source;
}

/// An operator finds out whether an account was blocked, and enters it.
ResolveRequest found_out(const Engine& engine, const Bank& bank, const IncidentInfo& incident) {
    const auto info = engine.find(incident.instance);
    const bool took_effect = incident.element == "block-account" && info && bank.blocked(info->business_key);
    return {.by = {"operator"}, .variables = took_effect ? Variables{{"account", "A-9"}, {"blocked", 50000}} : Variables{}, .took_effect = took_effect};
}

/// Some withdraw at once, some while they reflect, some when the money is on its way.
bool withdraws(const Engine& engine, const InstanceInfo& info) {
    const int number = std::stoi(info.business_key.substr(2));
    if (number % 10 != 4) return false;
    const auto waits = engine.waits(info.key);
    const auto is_at = [&](std::string_view element) { return std::find(waits.begin(), waits.end(), element) != waits.end(); };
    switch (number / 10 % 3) {
        case 0: return true;
        case 1: return is_at("reflection-over");
        default: return is_at("deed-awaited") || is_at("pay-out");
    }
}

void do_what_people_do(Engine& engine, const Bank& bank) {
    for (const auto& task : engine.tasks({.limit = 200})) try {
        if (task.element == "commercial-review") engine.complete(task.key, {{{"decision", "eligible"}, {"comment", "fine"}}, {"alice", {"commercial"}}});
        else engine.complete(task.key, {{{"decision", "approve"}, {"comment", "fine"}}, {"bob", {"risk"}}});
    } catch (const Error&) {}   // it has been withdrawn
    for (const auto& incident : engine.incidents({.limit = 200})) try {
        engine.resolve(incident.key, found_out(engine, bank, incident));
    } catch (const Error&) {}
    for (const State state : {State::running, State::incident})
        for (const auto& info : engine.instances({.state = state, .limit = 1000})) {
            engine.publish({.name = "offer-answered", .correlation_key = info.business_key, .payload = {{"accepted", true}}}, [](const auto&) {});
            engine.publish({.name = "deed-signed", .correlation_key = info.business_key, .message_id = "deed"}, [](const auto&) {});
            if (withdraws(engine, info)) engine.publish({.name = "application-withdrawn", .correlation_key = info.business_key}, [](const auto&) {});
        }
}

}  // namespace

namespace {

/// While the store is away, or the command's node has just died, it is tried again: the request id makes that safe.
Started start(Engine& engine, int number) {
    const std::string name = std::to_string(number);
    for (;; std::this_thread::sleep_for(20ms)) try {
        return engine.start({.process = "home-loan", .business_key = "L-" + name, .variables = application(number), .request_id = "R-" + name});
    } catch (const Error& error) {
        if (!error.retryable() && error.code() != Code::outcome_unknown) throw;
    }
}

/// Whether all applications have been made and have come to an end.
bool is_over(const Engine& engine, int applications) {
    const auto all = engine.instances({.limit = 1000});
    return all.items.size() == static_cast<std::size_t>(applications) &&
           std::all_of(all.begin(), all.end(), [](const auto& info) { return info.state >= State::completed; });
}

/// Waits for a server that starts just now.
std::unique_ptr<Engine> open(const std::string& store, const std::shared_ptr<Bank>& bank, Duration lease) {
    const std::string workflow = KONTOR_SOURCE_DIR "/workflows/home-loan/";
    for (;; std::this_thread::sleep_for(20ms)) try {
        auto engine = std::make_unique<Engine>(Options{.store = store_at(store), .services = {{"*", bank, 32}}, .lease = lease});
        engine->deploy({hurried(workflow + "home-loan.yaml"), yaml_file(workflow + "loan-eligibility.decision.yaml")});
        engine->run();
        return engine;
    } catch (const Error& error) {
        if (error.code() != Code::unavailable) throw;
    }
}

}  // namespace

void run_child(const std::filesystem::path& folder, int applications, const std::string& store, std::chrono::milliseconds lease) {
    const Log started{folder / "started.log"};
    const auto bank = std::make_shared<Bank>(folder);
    const auto opened = open(store, bank, lease);
    Engine& engine = *opened;
    std::jthread clients{[&] {   // all begin anew after a kill, under the same request ids
        for (int i = 0; i < applications; ++i) started.line(std::to_string(i) + ' ' + start(engine, i).key.str());
    }};
    for (bool over = false; !over; std::this_thread::sleep_for(20ms)) try {
        do_what_people_do(engine, *bank);
        over = is_over(engine, applications);
    } catch (const Error& error) {
        if (error.code() != Code::unavailable) throw;
    }
    clients.join();
    engine.stop(10s);
}

}  // namespace kontor::test

// A bank's consumer credit as a program. loan-server --help tells the options.
#include "server/bank.hpp"
#include "server/page.hpp"
#include "server/signals.hpp"

#include <kontor/engine.hpp>
#include <kontor/rest.hpp>

#include <iostream>

using namespace std::chrono_literals;

namespace {

/// Texts of the engine hold no personal data, and one write is one line, whoever else writes.
void log(const kontor::LogRecord& record) {
    if (record.level < kontor::LogLevel::warning) return;
    std::string line = std::string{to_string(record.level)} + ": ";
    line += record.text;
    if (record.instance) line += " (instance " + record.instance.str() + ')';
    std::cerr << line + '\n';
}

void serve_alone(const loan::ServerOptions& options, const loan::StopSignals& signals) {
    loan::BankService service{loan::desk(options.alone), options.seed, options.services.at(options.alone).behaviour, options.book};
    const loan::WebServer server{options.listen, [&](const loan::Request& request) { return service.handle(request); }};
    std::cout << options.alone << " at " << server.url() << std::endl;
    signals.wait();
}

void serve_all(const loan::ServerOptions& options, const loan::StopSignals& signals) {
    const loan::Bank bank{options};
    kontor::Engine engine{{.store = kontor::store_at(options.store), .services = bank.bindings(), .log = log}};
    const std::string folder = PROCESS_FOLDER;
    engine.deploy({kontor::yaml_file(folder + "/consumer-credit.yaml"), kontor::yaml_file(folder + "/consumer-scorecard.decision.yaml"),
                   kontor::yaml_file(folder + "/consumer-policy.decision.yaml")});
    engine.run();
    auto routes = loan::page_routes(PAGE_FOLDER);
    routes.push_back(bank.route());
    kontor::RestServer server{engine, {.listen = options.listen, .routes = std::move(routes)}};
    std::cout << "the loan server is at " << server.url() << std::endl;
    signals.wait();
    std::cout << "stopping; what is under way goes on at the next start" << std::endl;
    engine.stop(5s);   // whoever asks meanwhile is told so
}

}  // namespace

int main(int count, char** arguments) try {
    const auto options = loan::read_options({arguments + 1, static_cast<std::size_t>(count - 1)});
    if (options.help) {
        std::cout << loan::server_usage;
        return 0;
    }
    const loan::StopSignals signals;
    if (options.alone.empty()) serve_all(options, signals);
    else serve_alone(options, signals);
    return 0;
} catch (const loan::UsageError& error) {
    std::cerr << "loan-server: " << error.what() << "\nloan-server --help tells what there is\n";
    return 2;
} catch (const std::exception& error) {
    std::cerr << "loan-server: " << error.what() << '\n';
    return 3;
}

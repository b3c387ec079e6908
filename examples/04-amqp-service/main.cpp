// A process whose service sits behind a message broker. Usage: disbursement [URL [DATABASE]]
#include <kontor/amqp.hpp>
#include <kontor/kontor.hpp>

#include <iostream>

using namespace kontor::literals;
using namespace std::chrono_literals;

namespace {

void report(const std::string& loan, const std::optional<kontor::Outcome>& outcome) {
    const auto* completed = outcome ? std::get_if<kontor::Completed>(&*outcome) : nullptr;
    if (!completed) std::cout << loan << " waits; does the service run?\n";
    else if (completed->end_event == "paid") std::cout << loan << " paid, posting " << completed->variables.get<std::string>("posting") << "\n";
    else std::cout << loan << " " << completed->end_event << "\n";
}

}  // namespace

int main(int argc, char** argv) try {
    const std::string url = argc > 1 ? argv[1] : "amqp://guest:guest@localhost";
    kontor::Engine engine{{
        .store = kontor::sqlite(argc > 2 ? argv[2] : "disbursement.db"),
        .services = {{"ledger.*", kontor::amqp({.url = url, .name = "disbursement-example"})}},
    }};
    engine.deploy({kontor::yaml_file(EXAMPLE_FOLDER "/disbursement.yaml")});
    engine.run();
    const auto open = engine.start({.process = "disbursement", .variables = {{"account", "A-1"}, {"amount", "250000.00"_dec}}});
    const auto closed = engine.start({.process = "disbursement", .variables = {{"account", "closed"}, {"amount", "99.90"_dec}}});
    report("the first loan", engine.wait_for(open, 30s));
    report("the second loan", engine.wait_for(closed, 30s));
    engine.stop(5s);
} catch (const kontor::Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
}

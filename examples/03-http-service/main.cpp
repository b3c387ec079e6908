// A process that calls a service over HTTP. usage: 03-http-service [STORE]
#include "bureau.hpp"

#include <kontor/http.hpp>
#include <kontor/kontor.hpp>

#include <iostream>

using namespace std::chrono_literals;

int main(int count, char** arguments) try {
    Bureau bureau;
    kontor::Engine engine{{.store = kontor::sqlite(count > 1 ? arguments[1] : "credit.db"),
                           .services = {{"credit.*", kontor::http({.base_url = bureau.url(), .timeout = 3s})}}}};
    engine.deploy({kontor::yaml_file(EXAMPLE_FOLDER "/credit.yaml")});
    engine.run();
    for (const std::string applicant : {"Camille Martin", "Nemo"}) {
        const auto outcome = engine.wait_for(engine.start({.process = "credit", .variables = {{"applicant", applicant}}}), 30s);
        const auto& done = std::get<kontor::Completed>(outcome.value());
        std::cout << applicant << ": " << done.end_event;
        if (const auto* score = done.variables.find("score"); score && !score->is_null()) std::cout << ", score " << score->as<int>();
        std::cout << '\n';
    }
    engine.stop(1s);
    std::cout << bureau.inquiries() << " inquiries\n";
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 3;
}

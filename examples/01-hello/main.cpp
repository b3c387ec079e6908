// A durable process in one screen. usage: 01-hello [STORE]
#include <kontor/kontor.hpp>

#include <iostream>
#include <string>

using namespace std::chrono_literals;

kontor::Answer greet(const kontor::ServiceCall& call) {
    return {{"text", "Hello, " + call.input().get<std::string>("name") + "!"}};
}

int main(int count, char** arguments) try {
    kontor::Engine engine{{.store = kontor::sqlite(count > 1 ? arguments[1] : "hello.db"), .services = {{"greet", greet}}}};
    engine.deploy({kontor::yaml_file(EXAMPLE_FOLDER "/hello.yaml")});
    engine.run();   // goes on with whatever an earlier run of this program left behind

    const auto hello = engine.start({.process = "hello", .variables = {{"name", "world"}}});
    const auto outcome = engine.wait_for(hello, 30s);
    std::cout << std::get<kontor::Completed>(outcome.value()).variables.get<std::string>("text") << '\n';
    for (const auto& event : engine.history({.instance = hello}))
        std::cout << "  " << event.type << (event.element.empty() ? "" : " " + event.element) << '\n';
} catch (const kontor::Error& error) {
    std::cerr << error.what() << '\n';
    for (const auto& problem : error.problems()) std::cerr << to_string(problem) << '\n';
    return 3;
}

// The smallest program that keeps its promise after a crash. usage: hello STORE
#include <kontor/kontor.hpp>

#include <iostream>

int main(int, char** arguments) {
    kontor::Engine engine{{.store = kontor::sqlite(arguments[1]),
                           .services = {{"greet", [](const kontor::ServiceCall& call) -> kontor::Answer {
                                             return {{"text", "Hello, " + call.input().get<std::string>("name") + "!"}};
                                         }}}}};
    engine.deploy({kontor::yaml_text("kontor: 1\nprocess: hello\nvariables: { name: string, text: string }\nflow:\n  - startEvent: asked\n"
                                     "  - serviceTask: greet\n    service: greet\n    input: { name: = name }\n"
                                     "    output: { text: = result.text }\n  - endEvent: greeted\n", "hello.yaml")});
    engine.run();
    const auto outcome = engine.wait_for(engine.start({.process = "hello", .variables = {{"name", "world"}}}), std::chrono::seconds{30});
    std::cout << std::get<kontor::Completed>(outcome.value()).variables.get<std::string>("text") << '\n';
}

/// What `services:` says of a call when several of its names fit.
#include "yaml/read.hpp"

#include <catch2/catch.hpp>

using namespace kontor;

namespace {

model::Contract contract_of(const std::string& services) {
    const std::string text = "kontor: 1\nprocess: p\nservices:\n" + services +
                             "flow:\n  - startEvent: begin\n  - serviceTask: pay\n    service: bank.a\n  - endEvent: end\n";
    const auto file = yaml::read_process({"p.yaml", text}, [](std::string_view, const yaml::Source&) { return std::nullopt; });
    for (const auto& problem : file.problems) INFO(to_string(problem));
    REQUIRE(file.ok());
    return model::service_call(file.processes.at(0).find("pay")->kind)->contract;
}

}  // namespace

TEST_CASE("the longest pattern that fits says how a service may be called") {
    CHECK(contract_of("  '*': { contract: idempotent }\n  bank.*: { contract: unsafe }\n") == model::Contract::unsafe);
    CHECK(contract_of("  bank.*: { contract: unsafe }\n  '*': { contract: idempotent }\n") == model::Contract::unsafe);
}

TEST_CASE("a service's own contract was hidden by a pattern as long as its name") {
    CHECK(contract_of("  bank.*: { contract: idempotent }\n  bank.a: { contract: unsafe }\n") == model::Contract::unsafe);
    CHECK(contract_of("  bank.a*: { contract: idempotent }\n  bank.a: { contract: unsafe }\n") == model::Contract::unsafe);
}

// examples/04-amqp-service prints what its README says.
#include "amqp/broker.hpp"
#include "support/folder.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <fstream>
#include <iterator>

using namespace kontor::test;

TEST_CASE("the example prints what its README says") {
    const Folder folder;
    const std::string database = folder.path("disbursement.db");
    const std::string port = std::to_string(Broker::instance().port());
    // Whichever comes first: without its queue a call fails, and is tried again.
    const std::string command = std::string{EXAMPLE_LEDGER} + " 127.0.0.1 " + port + " 2 & " + EXAMPLE_DISBURSEMENT + " " + Broker::instance().url() + " '" + database + "'; wait";
    FILE* const pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe);
    std::string printed;
    for (int c = 0; (c = std::fgetc(pipe)) != EOF;) printed += static_cast<char>(c);
    CHECK(::pclose(pipe) == 0);

    std::ifstream file{KONTOR_SOURCE_DIR "/examples/04-amqp-service/README.md"};
    const std::string page{std::istreambuf_iterator<char>{file}, {}}, mark = "```text\n";
    const auto begin = page.find(mark);
    REQUIRE(begin != page.npos);
    CHECK(printed == page.substr(begin + mark.size(), page.find("```", begin + mark.size()) - begin - mark.size()));
}

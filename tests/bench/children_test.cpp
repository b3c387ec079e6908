#include "bench/children.hpp"
#include "bench/elsewhere.hpp"

#include <kontor/error.hpp>

#include <catch2/catch.hpp>

#include <csignal>

#include <unistd.h>

using namespace kontor::bench;
using namespace std::chrono_literals;

namespace {

std::string why(Children& children, std::chrono::milliseconds patience) {
    try {
        children.wait("come", patience);
    } catch (const kontor::Error& error) {
        CHECK(error.code() == kontor::Code::unavailable);
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("children meet, go on together, and bring back as much as they have") {
    const Interrupts interrupts;
    Children children{3, interrupts, [](unsigned number, const Parent& parent) {
                          parent.meet();
                          return std::string(number * 3'000'000, static_cast<char>('0' + number));
                      }};
    CHECK(children.wait("come", 60s) == std::vector<std::string>(3));
    children.go_on();
    const auto brought = children.wait("bring", 60s);
    for (unsigned n = 0; n < 3; ++n) CHECK(brought.at(n) == std::string((n + 1) * 3'000'000, static_cast<char>('1' + n)));
}

TEST_CASE("what a child throws, how it dies and that it does not come is told") {
    const Interrupts interrupts;
    const auto second = [](const std::function<void()>& does) {
        return [does](unsigned number, const Parent& parent) {
            if (number == 2) does();
            parent.meet();
            return std::string{};
        };
    };
    Children thrower{2, interrupts, second([] { throw kontor::Error{kontor::Code::conflict, "the disk is full"}; })};
    CHECK(why(thrower, 60s) == "process 2 of 2: the disk is full");
    Children killed{2, interrupts, second([] { ::raise(SIGKILL); })};
    CHECK(why(killed, 60s) == "process 2 of 2 was ended by signal 9 when it should come");
    Children leaver{2, interrupts, second([] { ::_exit(4); })};
    CHECK(why(leaver, 60s) == "process 2 of 2 ended with status 4 when it should come");
    Children sleeper{2, interrupts, second([] { ::pause(); })};
    CHECK(why(sleeper, 200ms) == "process 2 of 2 did not come within 1 s");
}

TEST_CASE("whoever waits for children can be interrupted, and they do not outlive it") {
    const Interrupts interrupts;
    pid_t child = 0;
    {
        Children children{1, interrupts, [](unsigned, const Parent& parent) {
                              parent.tell('b', std::to_string(::getpid()));
                              ::pause();
                              return std::string{};
                          }};
        child = std::stoi(children.wait("come", 60s).front());
        ::raise(SIGINT);
        CHECK_THROWS_AS(children.watch("sleep", 60s), Interrupted);
    }
    CHECK(::kill(child, 0) != 0);
}

TEST_CASE("what was done elsewhere comes back") {
    const Interrupts interrupts;
    CHECK(elsewhere<double>(interrupts, "count", 60s, [] { return 2.5; }) == 2.5);
}

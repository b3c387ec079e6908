#pragma once
/// For conditions that come true by what others do.
#include <catch2/catch.hpp>

#include <chrono>

#include <poll.h>

namespace kontor::test {

/// Fails the test after fifteen seconds.
template <class Condition>
void until(const Condition& condition) {
    for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{15}; !condition(); ::poll(nullptr, 0, 2)) {
        REQUIRE(std::chrono::steady_clock::now() < end);
    }
}

}  // namespace kontor::test

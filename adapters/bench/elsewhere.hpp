#pragma once
#include "bench/children.hpp"

#include <cstring>
#include <type_traits>

namespace kontor::bench {

/// Does something in a process of its own, so that this one stays without threads and can be interrupted meanwhile. Throws as
/// Children::wait() does.
template <class T, class Work>
T elsewhere(const Interrupts& interrupts, std::string_view what, std::chrono::milliseconds patience, const Work& work) {
    static_assert(std::is_trivially_copyable_v<T>);
    Children one{1, interrupts, [&](unsigned, const Parent&) {
                     const T result = work();
                     return std::string(reinterpret_cast<const char*>(&result), sizeof result);
                 }};
    T result;
    std::memcpy(&result, one.wait(what, patience).front().data(), sizeof result);
    return result;
}

}  // namespace kontor::bench

#pragma once
/// Randomness of tests: the same seed gives the same run on every machine.
#include <cstdint>
#include <vector>

namespace kontor::test {

class Random {
public:
    explicit Random(std::uint64_t seed) : state_{mix(seed + 1)} {}   // mixed: neighbouring seeds must not give the same numbers, shifted

    std::uint64_t next() noexcept {   // SplitMix64
        return mix(state_ += 0x9e3779b97f4a7c15ULL);
    }
    /// From 0 to limit - 1; 0 if there is no choice.
    std::uint64_t below(std::uint64_t limit) noexcept { return limit < 2 ? 0 : next() % limit; }
    std::uint64_t between(std::uint64_t low, std::uint64_t high) noexcept { return low + below(high - low + 1); }
    bool chance(unsigned percent) noexcept { return below(100) < percent; }
    template <class T>
    const T& pick(const std::vector<T>& items) {
        return items[below(items.size())];
    }
    /// A source of its own, so that more draws here change nothing there.
    Random fork() noexcept { return Random{next()}; }

private:
    static std::uint64_t mix(std::uint64_t x) noexcept {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
        return x ^ (x >> 31);
    }

    std::uint64_t state_;
};

}  // namespace kontor::test

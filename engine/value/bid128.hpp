#pragma once
/// The functions of Intel's decimal library that we use, under the names that cmake/KontorBid128.cmake gives them.
/// Only decimal*.cpp includes this. The functions are pure: any thread may call them.

namespace kontor::bid {

/// Passed by value as Intel's BID_UINT128; low word first.
struct alignas(16) Word128 {
    unsigned long long w[2];
};

/// IEEE 754 flags that a call adds to its last argument.
using Flags = unsigned;
inline constexpr Flags invalid = 0x01, zero_divide = 0x04, overflow = 0x08, underflow = 0x10, inexact = 0x20;

inline constexpr unsigned half_even = 0;

extern "C" {
Word128 kontor_bid128_add(Word128, Word128, unsigned rounding, Flags*);
Word128 kontor_bid128_sub(Word128, Word128, unsigned rounding, Flags*);
Word128 kontor_bid128_mul(Word128, Word128, unsigned rounding, Flags*);
Word128 kontor_bid128_div(Word128, Word128, unsigned rounding, Flags*);
/// x*y + z, rounded once.
Word128 kontor_bid128_fma(Word128 x, Word128 y, Word128 z, unsigned rounding, Flags*);
Word128 kontor_bid128_fmod(Word128, Word128, Flags*);
Word128 kontor_bid128_sqrt(Word128, unsigned rounding, Flags*);
Word128 kontor_bid128_exp(Word128, unsigned rounding, Flags*);
Word128 kontor_bid128_log(Word128, unsigned rounding, Flags*);
Word128 kontor_bid128_pow(Word128, Word128, unsigned rounding, Flags*);
int kontor_bid128_quiet_equal(Word128, Word128, Flags*);
int kontor_bid128_quiet_less(Word128, Word128, Flags*);
}

}  // namespace kontor::bid

#include "feel/builtins/registry.hpp"
#include "value/decimal_math.hpp"

namespace kontor::feel {
namespace {

Value rounded(const Call& call, Rounding mode) {
    int scale = 0;
    if (call.has(1)) {
        const auto wanted = call.integer(1);
        if (!wanted || *wanted < -6111 || *wanted > 6176) return call.fail("the scale must be between -6111 and 6176");
        scale = static_cast<int>(*wanted);
    }
    const auto result = math::round(call.number(0), scale, mode);
    return result ? Value{*result} : call.fail("no result with this scale");
}

Value decimal(const Call& call) { return rounded(call, Rounding::half_even); }
Value floor(const Call& call) { return rounded(call, Rounding::floor); }
Value ceiling(const Call& call) { return rounded(call, Rounding::ceiling); }
Value round_up(const Call& call) { return rounded(call, Rounding::up); }
Value round_down(const Call& call) { return rounded(call, Rounding::down); }
Value round_half_up(const Call& call) { return rounded(call, Rounding::half_up); }
Value round_half_down(const Call& call) { return rounded(call, Rounding::half_down); }

constexpr Builtin functions[] = {
    {"decimal(n: number, scale: number)", decimal},
    {"floor(n: number, scale?: number)", floor},
    {"ceiling(n: number, scale?: number)", ceiling},
    {"round up(n: number, scale: number)", round_up},
    {"round down(n: number, scale: number)", round_down},
    {"round half up(n: number, scale: number)", round_half_up},
    {"round half down(n: number, scale: number)", round_half_down},
};

}  // namespace

std::span<const Builtin> rounding_functions() { return functions; }

}  // namespace kontor::feel

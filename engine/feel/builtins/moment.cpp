#include "feel/builtins/registry.hpp"
#include "feel/operators/compare.hpp"
#include "value/calendar.hpp"

namespace kontor::feel {
namespace {

Value now(const Call& call) {
    const auto& situation = call.machine.situation();
    auto at = calendar::in_zone(situation.now, situation.zone);
    return at ? Value{std::move(*at)} : call.fail("no time zone " + situation.zone);
}

Value today(const Call& call) {
    const Value at = now(call);
    return at.is_null() ? Value{} : Value{at.if_date_time()->date};
}

/// The same value in FEEL's semantic domain (DMN 1.5, 10.3.4.10): also the zone is the same, and `null` is only `null`.
Value is(const Call& call) {
    if (call[0].kind() != call[1].kind()) return false;
    return call[0] == call[1];
}

constexpr Builtin functions[] = {
    {"now()", now},
    {"today()", today},
    {"is(value1: any?, value2: any?)", is},
};

}  // namespace

std::span<const Builtin> moment_functions() { return functions; }

}  // namespace kontor::feel

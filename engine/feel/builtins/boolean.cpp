#include "feel/builtins/registry.hpp"
#include "feel/operators/compare.hpp"

namespace kontor::feel {
namespace {

Value negation(const Call& call) {
    const bool* truth = call[0].if_boolean();
    return truth ? Value{!*truth} : call[0].is_null() ? Value{} : call.fail("needs a boolean");
}

/// `decisive` settles it; otherwise anything but its opposite leaves it open.
Value over_list(const Call& call, bool decisive) {
    bool open = false;
    for (const Value& item : call.list(0)) {
        const bool* truth = item.if_boolean();
        if (truth && *truth == decisive) return decisive;
        if (!truth) open = true;
    }
    return open ? call.fail("the list holds something that is not boolean") : Value{!decisive};
}

Value all(const Call& call) { return over_list(call, false); }
Value any(const Call& call) { return over_list(call, true); }

constexpr Builtin functions[] = {
    {"not(negand: any?)", negation},
    {"all(list...)", all},
    {"any(list...)", any},
};

}  // namespace

std::span<const Builtin> boolean_functions() { return functions; }

}  // namespace kontor::feel

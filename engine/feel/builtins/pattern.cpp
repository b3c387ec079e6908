#include "feel/builtins/pattern.hpp"

#include "feel/builtins/registry.hpp"

namespace kontor::feel {
namespace {

std::optional<Pattern> pattern_of(const Call& call, std::size_t flags) {
    std::string why;
    auto pattern = Pattern::compile(call.string(1), call.has(flags) ? call.string(flags) : "", why);
    if (!pattern) call.fail(why);
    return pattern;
}

Value matches(const Call& call) {
    const auto pattern = pattern_of(call, 2);
    if (!pattern) return {};
    const auto found = pattern->found_in(call.string(0));
    return found ? Value{*found} : call.fail("the pattern is too costly for this text");
}

Value replace(const Call& call) {
    const auto pattern = pattern_of(call, 3);
    if (!pattern) return {};
    std::string why;
    auto result = pattern->replace(call.string(0), call.string(2), why);
    if (!result) return call.fail(why);
    return call.machine.allow_string(result->size()) ? Value{std::move(*result)} : Value{};
}

Value split(const Call& call) {
    const auto pattern = pattern_of(call, 2);
    if (!pattern) return {};
    const auto parts = pattern->split(call.string(0));
    if (!parts) return call.fail("the pattern is too costly for this text, or matches nothing at all");
    std::vector<Value> values{parts->begin(), parts->end()};
    return call.machine.allow_list(values.size()) ? Value{List{std::move(values)}} : Value{};
}

constexpr Builtin functions[] = {
    {"matches(input: string, pattern: string, flags?: string?)", matches},
    {"replace(input: string, pattern: string, replacement: string, flags?: string?)", replace},
    {"split(string: string, delimiter: string)", split},
};

}  // namespace

std::span<const Builtin> pattern_functions() { return functions; }

}  // namespace kontor::feel

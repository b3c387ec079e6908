#include "feel/builtins/registry.hpp"

#include "feel/builtins/signature.hpp"
#include "value/decimal_math.hpp"

#include <algorithm>
#include <map>

namespace kontor::feel {

struct Builtins {
    struct Overload {
        Signature signature;
        Value (*body)(const Call&);
    };
    std::string name;
    std::vector<Overload> overloads;
    std::shared_ptr<const Function> function;
};

namespace {

using Registry = std::map<std::string, Builtins, std::less<>>;

/// Why a call does not fit, for the warning of the last overload that was tried.
using Mismatch = std::string;

Type any_type() { return {}; }

std::shared_ptr<const Function> wrap(const Builtins& builtins) {
    const auto& longest = std::max_element(builtins.overloads.begin(), builtins.overloads.end(), [](const auto& a, const auto& b) {
        return a.signature.parameters.size() < b.signature.parameters.size();
    })->signature;
    std::vector<Function::Parameter> parameters;
    for (const auto& parameter : longest.parameters) parameters.push_back({parameter.name, any_type()});
    auto function = std::make_shared<Function>(std::move(parameters), any_type(), [&builtins](std::span<const Value> given, Machine& machine) {
        std::vector<Value> arguments{given.begin(), given.end()};
        return call(builtins, arguments, {}, machine, 0);
    });
    function->variadic = true;
    return function;
}

const Registry& registry() {
    static const Registry all = [] {
        Registry result;
        for (const auto family : {conversion_functions(), boolean_functions(), string_functions(), pattern_functions(), numeric_functions(),
                                  rounding_functions(), list_functions(), list_edit_functions(), statistics_functions(), sort_functions(),
                                  context_functions(), range_functions(), temporal_functions(), moment_functions()})
            for (const Builtin& builtin : family) {
                auto signature = read_signature(builtin.signature);
                auto& entry = result[signature.name];
                entry.name = signature.name;
                entry.overloads.push_back({std::move(signature), builtin.body});
            }
        for (auto& [name, builtins] : result) builtins.function = wrap(builtins);
        return result;
    }();
    return all;
}

std::string wanted(const Parameter& parameter, const Value& found) {
    return "`" + parameter.name + "` must be " + parameter.types + ", found " + std::string{to_string(found.kind())};
}

/// Puts arguments into the order of the parameters. Nothing if the count or the names do not fit.
std::optional<std::vector<const Value*>> arrange(const Signature& signature, std::span<const Value> arguments,
                                                 std::span<const std::string> names, Mismatch& why) {
    const auto& parameters = signature.parameters;
    std::vector<const Value*> ordered(parameters.size(), nullptr);
    if (arguments.size() > parameters.size()) {
        why = "takes at most " + std::to_string(parameters.size()) + " arguments, found " + std::to_string(arguments.size());
        return std::nullopt;
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::size_t place = i;
        if (!names.empty()) {
            const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const Parameter& p) { return p.name == names[i]; });
            place = static_cast<std::size_t>(found - parameters.begin());
            if (place == parameters.size() || ordered[place]) {
                why = "has no parameter `" + names[i] + "`";
                return std::nullopt;
            }
        }
        ordered[place] = &arguments[i];
    }
    return ordered;
}

/// The arguments from the last parameter on, as one list.
std::vector<Value> gather(const Signature& signature, std::span<const Value> arguments) {
    const auto fixed = signature.parameters.size() - 1;
    if (arguments.size() <= fixed) return {arguments.begin(), arguments.end()};
    if (signature.rest == Rest::list_or_items && arguments.size() == 1 && arguments[0].if_list()) return {arguments[0]};
    std::vector<Value> result{arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(fixed)};
    result.push_back(List{std::vector<Value>{arguments.begin() + static_cast<std::ptrdiff_t>(fixed), arguments.end()}});
    return result;
}

std::optional<std::vector<Value>> bind_arguments(const Signature& signature, std::span<const Value> arguments, std::span<const std::string> names,
                                       Mismatch& why) {
    std::vector<Value> gathered;
    if (signature.rest != Rest::none && names.empty()) {
        gathered = gather(signature, arguments);
        arguments = gathered;
    }
    const auto ordered = arrange(signature, arguments, names, why);
    if (!ordered) return std::nullopt;
    std::vector<Value> bound;
    for (std::size_t i = 0; i < ordered->size(); ++i) {
        const auto& parameter = signature.parameters[i];
        const Value* given = (*ordered)[i];
        if (!given && !parameter.optional) {
            why = "needs `" + parameter.name + "`";
            return std::nullopt;
        }
        auto value = given ? fit(*given, parameter) : std::optional{Value{}};
        if (!value) {
            why = wanted(parameter, *given);
            return std::nullopt;
        }
        bound.push_back(std::move(*value));
    }
    return bound;
}

}  // namespace

const Builtins* find_builtins(std::string_view name) {
    const auto found = registry().find(name);
    return found == registry().end() ? nullptr : &found->second;
}

std::span<const std::string> builtin_names_with_spaces() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> result;
        for (const auto& [name, builtins] : registry())
            if (name.find(' ') != name.npos) result.push_back(name);
        return result;
    }();
    return names;
}

Value call(const Builtins& builtins, std::span<Value> arguments, std::span<const std::string> names, Machine& machine, std::uint32_t offset) {
    Mismatch why;
    for (const auto& overload : builtins.overloads) {
        const auto bound = bind_arguments(overload.signature, arguments, names, why);
        if (bound) return overload.body(Call{machine, builtins.name, offset, *bound});
    }
    return Call{machine, builtins.name, offset, {}}.fail(why);
}

Value as_value(const Builtins& builtins) { return builtins.function; }

std::optional<std::int64_t> Call::integer(std::size_t index) const {
    const Decimal& given = number(index);
    return (given.is_negative() ? math::ceiling(given) : math::floor(given)).to_int64();
}

Value Call::fail(std::string_view why) const {
    if (machine.wants_warnings()) machine.warn(offset_, std::string{name_} + ": " + std::string{why});
    return {};
}

Value Call::invoke(std::size_t index, std::span<const Value> values) const {
    return call(*arguments_[index].if_function(), values, machine, offset_);
}

}  // namespace kontor::feel

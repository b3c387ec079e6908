#pragma once
/// What a FEEL function is inside: parameters and a body that is called with bound arguments.
#include "feel/type.hpp"

#include <kontor/value.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace kontor::feel {
class Machine;
}

namespace kontor {

/// Immutable; shared by values. Arguments arrive in the order of `parameters`, converted to their types; a missing or wrong one makes
/// the result null before the body is reached.
class Function {
public:
    struct Parameter {
        std::string name;
        feel::Type type;
    };
    using Body = std::function<Value(std::span<const Value> arguments, feel::Machine&)>;

    Function(std::vector<Parameter> parameters, feel::Type result, Body body)
        : parameters_{std::move(parameters)}, result_{std::move(result)}, body_{std::move(body)} {}

    [[nodiscard]] const std::vector<Parameter>& parameters() const noexcept { return parameters_; }
    [[nodiscard]] const feel::Type& result() const noexcept { return result_; }
    [[nodiscard]] const Body& body() const noexcept { return body_; }
    /// Any number of arguments, which become one list: the built-in functions that take `c1, c2, ...`.
    bool variadic = false;

private:
    std::vector<Parameter> parameters_;
    feel::Type result_;
    Body body_;
};

namespace feel {

/// Calls with positional arguments. Null, with a warning, if they do not fit.
Value call(const std::shared_ptr<const Function>&, std::span<const Value> arguments, Machine&, std::uint32_t offset);

}  // namespace feel
}  // namespace kontor

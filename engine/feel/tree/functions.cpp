#include "feel/builtins/registry.hpp"
#include "feel/tree/control.hpp"
#include "value/wording.hpp"

#include <algorithm>

namespace kontor::feel {
namespace {

/// How many levels of nesting a call counts for: it takes that much more of the C++ stack than an operator.
constexpr int call_depth = 5;

Value refuse(Machine& machine, std::uint32_t offset, std::string message) {
    machine.warn(offset, std::move(message));
    return {};
}

/// Arguments given by name, in the order of the parameters.
std::optional<std::vector<Value>> in_order(const Function& function, std::span<Value> arguments, std::span<const std::string> names) {
    const auto& parameters = function.parameters();
    std::vector<Value> ordered(parameters.size());
    std::vector<bool> given(parameters.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.name == names[i]; });
        if (found == parameters.end()) return std::nullopt;
        const auto place = static_cast<std::size_t>(found - parameters.begin());
        ordered[place] = std::move(arguments[i]);
        given[place] = true;
    }
    if (std::find(given.begin(), given.end(), false) != given.end()) return std::nullopt;
    return ordered;
}

/// A body with the values that its free names had where it was written.
class Closure {
public:
    Closure(const FunctionLiteral& literal, Machine& machine) : body_{literal.body}, own_name_{literal.own_name} {
        for (const auto& parameter : literal.parameters) names_.push_back(parameter.name);
        for (const auto& name : literal.free_names)
            if (const Value* value = machine.find(name)) captured_.set(name, *value);
    }
    Value operator()(std::span<const Value> arguments, Machine& machine) const {
        Variables locals = captured_;
        for (std::size_t i = 0; i < names_.size(); ++i) locals.set(names_[i], arguments[i]);
        const Frame* caller = machine.frames;
        machine.frames = nullptr;
        Value result;
        {
            const Bound bound{machine, &locals};
            result = body_->value(machine);
        }
        machine.frames = caller;
        return result;
    }
    void capture(const std::string& name, const Value& value) { captured_.set(name, value); }
    [[nodiscard]] const std::string& own_name() const { return own_name_; }

private:
    std::shared_ptr<const Node> body_;
    std::string own_name_;
    std::vector<std::string> names_;
    Variables captured_;
};

/// A function that knows itself by the name of its context entry, so that it may recurse. It learns of itself at the call: a value that
/// held itself would never be freed.
std::shared_ptr<const Function> make_function(const FunctionLiteral& literal, Machine& machine) {
    auto closure = std::make_shared<Closure>(literal, machine);
    const auto parameters = literal.parameters;
    if (literal.own_name.empty() || !literal.free_names.contains(literal.own_name))
        return std::make_shared<Function>(parameters, Type{}, [closure](auto arguments, Machine& runs) { return (*closure)(arguments, runs); });
    struct Recursive {
        static std::shared_ptr<const Function> make(std::shared_ptr<Closure> closure, std::vector<Function::Parameter> parameters) {
            return std::make_shared<Function>(parameters, Type{}, [closure, parameters](std::span<const Value> arguments, Machine& runs) {
                Closure knowing = *closure;
                knowing.capture(closure->own_name(), Value{make(closure, parameters)});
                return knowing(arguments, runs);
            });
        }
    };
    return Recursive::make(std::move(closure), parameters);
}

}  // namespace

Value call(const std::shared_ptr<const Function>& function, std::span<const Value> arguments, Machine& machine, std::uint32_t offset) {
    const auto& parameters = function->parameters();
    if (function->variadic) return function->body()(arguments, machine);
    if (arguments.size() != parameters.size())
        return refuse(machine, offset, "the function takes " + std::to_string(parameters.size()) + " arguments, found " + std::to_string(arguments.size()));
    std::vector<Value> converted;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        auto value = coerce(arguments[i], parameters[i].type);
        if (!value)
            return refuse(machine, offset, "the parameter " + quoted(parameters[i].name) + " must be " + to_string(parameters[i].type) + ", found " +
                                               std::string{kontor::to_string(arguments[i].kind())});
        converted.push_back(std::move(*value));
    }
    if (!machine.spend(call_depth)) return {};
    machine.depth += call_depth;
    const Value result = function->body()(converted, machine);
    machine.depth -= call_depth;
    auto fitting = coerce(result, function->result());
    if (!fitting) return refuse(machine, offset, "the function's result must be " + to_string(function->result()));
    return *fitting;
}

const Value& FunctionLiteral::run(Machine& machine, Value& scratch) const { return put(scratch, make_function(*this, machine)); }

const Value& Invocation::run(Machine& machine, Value& scratch) const {
    Value own;
    const Value* found = name ? name->find(machine) : &callee->evaluate(machine, own);
    // A variable that is no function does not hide a built-in one: `count` may be both.
    if (name && name->builtins && !(found && found->if_function())) {
        std::vector<Value> values;
        for (const auto& argument : arguments) values.push_back(argument->value(machine));
        return put(scratch, call(*name->builtins, values, names, machine, offset));
    }
    if (!found || !found->if_function()) {
        const std::string what = name ? "no function named " + name->name : "not a function but " + std::string{kontor::to_string(found->kind())};
        if (found && found->is_null() && machine.has_warnings()) return null_value;
        return put(scratch, refuse(machine, offset, what));
    }
    const auto function = *found->if_function();   // kept alive by this copy
    std::vector<Value> values;
    for (const auto& argument : arguments) values.push_back(argument->value(machine));
    if (!names.empty()) {
        auto ordered = in_order(*function, values, names);
        if (!ordered) return put(scratch, refuse(machine, offset, "the named arguments are not those of the function"));
        values = std::move(*ordered);
    }
    return put(scratch, call(function, values, machine, offset));
}

}  // namespace kontor::feel

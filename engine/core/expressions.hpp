#pragma once
/// Evaluating a process's expressions: where names are found, what is done when there is no usable value.
#include "core/deciding.hpp"

namespace kontor::core {

/// The variables that an element instance sees: `locals` first, then its own scope, then the scopes around it.
class VariableScope final : public feel::Scope {
public:
    VariableScope(const State& state, ElementKey innermost, const Variables& locals)
        : state_{state}, innermost_{innermost}, locals_{locals} {}
    [[nodiscard]] const Value* find(std::string_view name) const override;

private:
    const State& state_;
    ElementKey innermost_;
    const Variables& locals_;
};

/// The value; nothing if an incident was raised instead, because the evaluation passed its limits.
std::optional<Value> evaluate(Here, const model::Formula&, const Variables& locals);
/// The values of an input mapping.
std::optional<Variables> evaluate_all(Here, const std::vector<model::Mapping>&, const Variables& locals);
/// Whether the condition of a flow out of the element is true; null counts as false.
std::optional<bool> holds(Here, const model::Formula&, const Variables& locals);

/// `result`, or `error` where an error was caught: what the outputs of an element read.
Variables outcome_locals(Here);

/// What completing writes: the outputs, in their order, each to the nearest scope that declares its target; and the input of
/// the compensation handler as of now. Nothing if an incident was raised.
struct Completion {
    std::vector<VariableWrite> writes;
    std::optional<Variables> compensation;
};
std::optional<Completion> completion(Here, const Variables& locals);

/// The input of the compensation handler of an interrupted call that took effect. What cannot be evaluated is null: the call has to be
/// undone whatever its outputs would have been.
Variables settled_input(Here, const Value& result);

/// The same on every attempt of a call, unique among all stores.
std::string idempotency_key(const State&, ElementKey);

/// The scope that a write goes to. `from` is the element instance that writes.
ElementKey scope_declaring(const model::Process&, const State&, ElementKey from, std::string_view name);

/// What is wrong with a value for a variable: its declared type, its size. Nothing if it may be written.
std::optional<std::string> refusal_of(const model::Process&, const State&, ElementKey scope, std::string_view name, const Value&);

inline constexpr std::size_t largest_value = 1u << 20;      ///< bytes
inline constexpr std::size_t largest_instance = 4u << 20;   ///< bytes, of all variables
/// About what the value takes in the journal.
std::size_t size_of(const Value&);

/// `a string`, `null`: what messages say of a value. The value itself may be personal and stays out of them.
std::string a_kind(const Value&);

/// Where an expression stands, for messages: `home-loan.yaml:88:13`.
std::string where(const model::Process&, model::Position);

}  // namespace kontor::core

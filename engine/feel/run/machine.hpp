#pragma once
/// What one evaluation carries along: local names, the budget, the warnings.
#include "feel/feel.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace kontor::feel {

/// One link of the chain of local names: either a single name or all entries of a context. Lives on the C++ stack.
struct Frame {
    std::string_view name;
    const Value* value = nullptr;
    const Variables* context = nullptr;
    const Frame* outer = nullptr;
};

inline constexpr std::size_t max_list = 1'000'000;
inline constexpr std::size_t max_string = 1u << 20;
inline constexpr std::size_t max_warnings = 20;
/// Nested evaluations; keeps recursion of FEEL functions from passing the end of the C++ stack.
inline constexpr int max_depth = 2500;

/// Not thread-safe; made for one evaluation.
class Machine {
public:
    Machine(const Scope& scope, const Situation& situation) noexcept : scope_{scope}, situation_{situation}, steps_{situation.steps} {}

    [[nodiscard]] const Situation& situation() const noexcept { return situation_; }
    [[nodiscard]] const Scope& scope() const noexcept { return scope_; }

    /// Nothing if the name is bound neither here nor in the scope.
    [[nodiscard]] const Value* find(std::string_view name) const;
    [[nodiscard]] const Value* find_in_scope(std::string_view name) const { return scope_.find(name); }

    /// Takes steps from the budget; false if it is used up, and from then on.
    bool spend(std::uint64_t steps = 1) noexcept {
        if (steps_ < steps) [[unlikely]] return exhaust();
        steps_ -= steps;
        return true;
    }
    bool exhaust(std::string_view why = "the step budget is used up");
    [[nodiscard]] bool exhausted() const noexcept { return exhausted_; }
    /// Whether a result of this size is allowed; charges for it.
    bool allow_list(std::size_t items);
    bool allow_string(std::size_t bytes);
    /// Adds to a list under construction; false when a limit is passed.
    bool append(std::vector<Value>& items, Value value);

    [[nodiscard]] bool wants_warnings() const noexcept { return !quiet && warnings_.size() < max_warnings; }
    void warn(std::uint32_t offset, std::string message);
    [[nodiscard]] bool has_warnings() const noexcept { return !warnings_.empty(); }
    /// Ends the evaluation.
    Result finish(Value value) &&;

    int depth = 0;
    bool quiet = false;   ///< no warnings: something is only tried
    const Frame* frames = nullptr;

private:
    const Scope& scope_;
    const Situation& situation_;
    std::uint64_t steps_;
    bool exhausted_ = false;
    std::vector<Warning> warnings_;
};

/// Puts a frame in front of the others for as long as it lives.
class Bound {
public:
    Bound(Machine& machine, std::string_view name, const Value* value) : Bound{machine, Frame{name, value, nullptr, machine.frames}} {}
    Bound(Machine& machine, const Variables* context) : Bound{machine, Frame{{}, nullptr, context, machine.frames}} {}
    ~Bound() { machine_.frames = frame_.outer; }
    Bound(const Bound&) = delete;
    Bound& operator=(const Bound&) = delete;

private:
    Bound(Machine& machine, Frame frame) : machine_{machine}, frame_{frame} { machine_.frames = &frame_; }
    Machine& machine_;
    Frame frame_;
};

}  // namespace kontor::feel

#pragma once
/// The syntax tree: every node evaluates itself.
#include "feel/run/machine.hpp"

#include <algorithm>
#include <memory>

namespace kontor::feel {

extern const Value null_value;
extern const Value true_value;
extern const Value false_value;

inline const Value& boolean(bool truth) noexcept { return truth ? true_value : false_value; }

/// Immutable once parsed; evaluated by any thread.
struct Node {
    explicit Node(std::uint32_t at) : offset{at} {}
    virtual ~Node() = default;
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    /// The value: either a reference to one that outlives the call, so that nothing is copied, or `scratch`.
    const Value& evaluate(Machine& machine, Value& scratch) const {
        if (!machine.spend()) [[unlikely]] return null_value;
        if (machine.depth >= max_depth) [[unlikely]] {
            machine.exhaust("nested too deeply");
            return null_value;
        }
        ++machine.depth;
        const Value& result = run(machine, scratch);
        --machine.depth;
        return result;
    }
    /// The value as an own copy.
    Value value(Machine& machine) const {
        Value scratch;
        const Value& result = evaluate(machine, scratch);
        if (&result == &scratch) return scratch;
        return result;
    }
    /// The value if it is known without evaluation.
    [[nodiscard]] virtual const Value* constant() const noexcept { return nullptr; }

    std::uint32_t offset;
    std::uint16_t height = 1;   ///< of the tree below, so that no tree is too high for the stack

protected:
    virtual const Value& run(Machine&, Value& scratch) const = 0;
    void holds(const std::unique_ptr<const Node>& child) {
        if (child) height = std::max<std::uint16_t>(height, static_cast<std::uint16_t>(child->height + 1));
    }
};

using NodePtr = std::unique_ptr<const Node>;
using Nodes = std::vector<NodePtr>;

/// Stores a value in scratch and hands it out.
inline const Value& put(Value& scratch, Value value) {
    scratch = std::move(value);
    return scratch;
}

}  // namespace kontor::feel

#pragma once
/// Expressions: compiled when the file is read, with their names checked.
#include "model/process.hpp"
#include "yaml/parts/site.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace kontor::yaml {

/// The names that an expression may read: the variables of a scope and those around it, and what only holds in this place
/// (`result`).
class Names {
public:
    /// Every name is accepted.
    Names() = default;
    Names(const model::Process& process, model::ElementIndex scope, std::vector<std::string_view> locals = {})
        : process_{&process}, scope_{scope}, locals_{std::move(locals)} {}

    void add(std::string_view local) { locals_.push_back(local); }
    [[nodiscard]] bool contains(std::string_view name) const;
    [[nodiscard]] bool has_local(std::string_view name) const;
    /// The declared variable, from the nearest scope; null for locals and unknown names.
    [[nodiscard]] const model::Variable* variable(std::string_view name) const;
    /// Whether any name may be written: the process declares no variables.
    [[nodiscard]] bool open() const noexcept { return !process_ || !process_->declares_variables; }
    [[nodiscard]] std::vector<std::string_view> all() const;

private:
    const model::Process* process_ = nullptr;
    model::ElementIndex scope_{};
    std::vector<std::string_view> locals_;
};

/// An expression, which must begin with `=`; `what` is the key. Otherwise the hint is to put one there.
std::optional<model::Formula> read_expression(const Site&, const Node&, std::string_view what, const Names&);
/// A value or an expression, or lists and mappings of both: they become one expression.
std::optional<model::Formula> read_formula(const Site&, const Node&, std::string_view what, const Names&);
/// Reports the names in `variables` that no scope declares, at `at`.
bool check_declared(const Site&, const Node& at, std::string_view name, const Names&);

}  // namespace kontor::yaml

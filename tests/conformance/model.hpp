#pragma once
/// A DMN model, as far as a test needs it: decisions, inputs, knowledge models and services, evaluated on demand.
#include "conformance/xml.hpp"
#include "feel/feel.hpp"
#include "feel/function.hpp"

#include <map>
#include <memory>

namespace kontor::conformance {

/// Names with values, in front of others. Shared, since functions keep the scope that they were made in.
class Names final : public feel::Scope {
public:
    explicit Names(std::shared_ptr<const Names> outer = nullptr) : outer_{std::move(outer)} {}
    [[nodiscard]] const Value* find(std::string_view name) const override;
    void set(const std::string& name, Value value) { values_.set(name, std::move(value)); }
    /// Adds the names of this scope and of those behind it.
    void add_names(std::vector<std::string>&) const;

private:
    Variables values_;
    std::shared_ptr<const Names> outer_;
};
using ScopePtr = std::shared_ptr<const Names>;

class Model {
public:
    /// Reads a file, and those that it imports from the same folder.
    explicit Model(const std::string& path);

    /// The value of a decision for these inputs.
    Value decide(const std::string& decision, const Variables& inputs) const;
    /// The result of a decision service; its arguments by name.
    Value serve(const std::string& service, const Variables& inputs) const;

    // For boxed.cpp.
    [[nodiscard]] std::optional<feel::Type> type(const std::string& reference) const;
    /// Null if the value does not belong to the type, or to its allowed values.
    [[nodiscard]] Value typed(const Value&, const std::string& reference) const;
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
    [[nodiscard]] const feel::Types& types() const { return types_; }

private:
    struct Run;
    [[nodiscard]] const Element* by_id(const std::string& reference, const Model*& owner) const;
    [[nodiscard]] const Element* by_name(const std::string& kind, const std::string& name) const;
    [[nodiscard]] std::string import_name(const Model*) const;
    Value evaluate(const Element* node, Run&) const;
    std::shared_ptr<Names> requirements(const Element* node, Run&) const;
    Value knowledge(const Element* node, Run&) const;
    Value service(const Element* node, Run&) const;
    Value serve(const Element* node, std::span<const Value> arguments, const Variables& by_name) const;
    void read_types();
    feel::Type read_type(const Element* definition);

    Document document_;
    const Element* root_;
    std::vector<std::pair<std::string, std::unique_ptr<Model>>> imports_;
    std::vector<std::string> names_;
    feel::Types types_;
    std::map<std::string, const Element*> definitions_;
};

/// The value of a boxed expression: literal, context, table, invocation, function, list, relation, if, for, filter, some, every.
Value evaluate_boxed(const Element* expression, const Model&, const ScopePtr&);
/// The expression among a node's children; null if there is none.
const Element* expression_in(const Element*);
/// `encapsulatedLogic` or a boxed function as a value.
Value function_of(const Element* definition, const Model&, const ScopePtr&, const std::string& result_type);

feel::Situation situation();

}  // namespace kontor::conformance

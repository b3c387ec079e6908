#pragma once
/// FEEL expressions and unary tests (DMN 1.5, chapter 10): compiled once, evaluated often.
#include "feel/type.hpp"

#include <kontor/error.hpp>
#include <kontor/value.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kontor::feel {

/// Where an expression finds the values of its names.
class Scope {
public:
    virtual ~Scope() = default;
    /// Nothing if the name is unknown here. The pointer stays valid during the evaluation.
    [[nodiscard]] virtual const Value* find(std::string_view name) const = 0;
};

/// A scope over one context, in front of another scope (which may be absent and must outlive this one).
class ContextScope final : public Scope {
public:
    explicit ContextScope(Variables context, const Scope* outer = nullptr) : context_{std::move(context)}, outer_{outer} {}
    [[nodiscard]] const Value* find(std::string_view name) const override;

private:
    Variables context_;
    const Scope* outer_;
};

/// What evaluation may know of the world: it has no clock of its own.
struct Situation {
    Instant now{};               ///< what now() and today() read
    std::string zone = "UTC";    ///< IANA name: the zone of now() and today()
    std::uint64_t steps = 10'000'000;  ///< evaluation stops after this many steps, so that no expression runs for ever
};

/// Something that made a result null although the expression is well formed: `no variable credit`, `number + string`.
struct Warning {
    std::uint32_t offset = 0;    ///< into the expression's text, in bytes
    std::string message;
    friend bool operator==(const Warning&, const Warning&) = default;
};

struct Result {
    Value value;
    std::vector<Warning> warnings;  ///< at most 20
    /// The step budget or a size limit was passed: the value is null and must not be used.
    bool exhausted = false;
    std::uint64_t steps = 0;        ///< how many it took
};

/// A syntax error, at a byte offset into the text.
struct SyntaxError {
    std::uint32_t offset = 0;
    std::string message;
    std::string hint;
};

struct Node;     // the syntax tree, private to this folder
class Machine;   // one evaluation, private to this folder

/// A compiled expression. Immutable and shared: copies are cheap and any thread may evaluate.
class Expression {
public:
    /// `names` are names in scope that are not plain identifiers (`Monthly income`, `a-b`): FEEL allows spaces and operators in
    /// names, so only a parser that knows them can read them (DMN 1.5, 10.3.1.2).
    /// `types` are those of item definitions, for `instance of` and parameters; they are not kept.
    static std::variant<Expression, SyntaxError> parse(std::string_view text, std::span<const std::string> names = {},
                                                       const Types* types = nullptr);
    /// `"quoted text"`, and every other literal value, as an expression.
    static Expression literal(Value value);

    [[nodiscard]] Result evaluate(const Scope&, const Situation&) const;
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    /// The names that it reads from its scope, without those that it binds itself.
    [[nodiscard]] const std::set<std::string>& reads() const noexcept { return *reads_; }
    /// Those of reads() that stand only inside a filter, where they may mean entries of the filtered items: `amount` in
    /// `loans[amount > 5]`. A check for unknown names leaves them out.
    [[nodiscard]] const std::set<std::string>& perhaps_entries() const noexcept { return *perhaps_entries_; }
    /// The value if the expression is a literal, so that it can be checked before it runs.
    [[nodiscard]] const Value* constant() const noexcept;
    /// As part of an evaluation that is under way, within its budget and with its warnings.
    [[nodiscard]] Value evaluate_in(Machine&) const;

private:
    Expression() = default;
    std::string text_;
    std::shared_ptr<const Node> root_;
    std::shared_ptr<const std::set<std::string>> reads_;
    std::shared_ptr<const std::set<std::string>> perhaps_entries_;
};

/// Compiled unary tests: one cell of a decision table (DMN 1.5, 10.3.1.2 grammar rule 15).
class UnaryTests {
public:
    static std::variant<UnaryTests, SyntaxError> parse(std::string_view text, std::span<const std::string> names = {},
                                                       const Types* types = nullptr);
    /// True, false or null: whether `input` fulfils the tests. `?` in the text is the input.
    [[nodiscard]] Result evaluate(const Value& input, const Scope&, const Situation&) const;
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] const std::set<std::string>& reads() const noexcept { return *reads_; }
    /// The test is `-`.
    [[nodiscard]] bool is_any() const noexcept;
    /// The values that are tested for, in their order, if all tests are literal values: `"low", "high"`.
    [[nodiscard]] std::optional<std::vector<Value>> values() const;
    [[nodiscard]] Value evaluate_in(Machine&, const Value& input) const;

private:
    UnaryTests() = default;
    std::string text_;
    std::shared_ptr<const Node> root_;
    std::shared_ptr<const std::set<std::string>> reads_;
};

/// The value as FEEL would write it: `"text"`, `[1, 2]`, `{a: 1}`, `date("2026-03-01")`. Reading it back gives an equal value.
std::string to_feel(const Value&);

/// FEEL's equality: true, false, or null where the two cannot be compared (DMN 1.5, 10.3.2.13).
Value equal(const Value&, const Value&);

}  // namespace kontor::feel

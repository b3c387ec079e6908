#pragma once
/// What of an event may not be shown: everything that a sensitive variable went into or comes out of.
///
/// A variable is sensitive if any scope declares it so, or if it is computed from one that is: by an output, a script, a decision, or
/// the input of a subprocess. Names count in all scopes alike. Of a variable with sensitive parts only the parts are; an expression
/// that uses it in any other way than `name.part` with an innocent part counts as reading all of it.
///
/// - an input of a call, task, decision or compensation is masked if its expression reads something sensitive;
/// - a result, payload or output is masked if it is computed from something sensitive, if an output stores any of it in a sensitive
///   variable, or, when no output says what it is, if the element got a sensitive input;
/// - message and data of an error are masked if its element has such an input or result; where an error is caught: in every process
///   with sensitive variables, since it may come from anywhere.
///
/// In doubt something is masked. Texts of incidents and retries are not: who writes them keeps values out of them.
#include "core/event.hpp"
#include "model/process.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::journal {

/// Immutable; any thread may ask. Borrows the process.
class Masking {
public:
    explicit Masking(const model::Process&);

    static constexpr std::string_view mask = "***";

    /// Whether there is anything to mask in this process.
    [[nodiscard]] bool any() const noexcept { return !whole_.empty() || !parts_.empty(); }
    /// A variable's value as it may be shown.
    [[nodiscard]] Value variable(std::string_view name, const Value&) const;
    /// All values of variables as they may be shown.
    [[nodiscard]] Variables variables(const Variables&) const;
    /// What an element was called with.
    [[nodiscard]] Variables inputs(const model::Element&, const Variables&) const;
    /// What came back to the element: result, payload, output.
    [[nodiscard]] Value outcome(const model::Element&, const Value&) const;
    /// Whether message and data of an error that this element throws are to be masked.
    [[nodiscard]] bool hides_errors(const model::Element&) const;

private:
    using Names = std::set<std::string, std::less<>>;

    void declare(const model::ScopeContent&);
    bool spread();   // one round: whether another variable was found to be sensitive
    bool spread_from(const model::Element&);
    [[nodiscard]] bool reads_sensitive(const model::Formula&, const Names& locals) const;
    [[nodiscard]] Names sensitive_inputs(const model::Element&) const;
    [[nodiscard]] bool computes_sensitive(const model::Element&, const Names& inputs) const;
    [[nodiscard]] bool stores_sensitive(const model::Element&) const;
    [[nodiscard]] bool is_sensitive(std::string_view name) const { return whole_.contains(name) || parts_.contains(name); }

    const model::Process& process_;
    Names whole_;
    std::map<std::string, std::vector<std::string>, std::less<>> parts_;
};

}  // namespace kontor::journal

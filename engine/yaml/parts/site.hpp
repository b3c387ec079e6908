#pragma once
/// Reading of single values: scalars, lists of texts, durations, data.
#include "yaml/problems.hpp"
#include "yaml/tree/node.hpp"

#include <kontor/value.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kontor::model {
struct Type;
}

namespace kontor::yaml {

/// Where reading happens: the source for positions, and where findings go. Cheap to copy; both must outlive it.
struct Site {
    const Text& text;
    Problems& problems;

    void error(const Node& at, std::string rule, std::string message, std::string hint = {}) const {
        if (!at.broken) problems.error(at.position, std::move(rule), std::move(message), std::move(hint));
    }
    /// `wrong-type`: another kind of node is wanted.
    void wanted(std::string_view what, std::string_view wanted, const Node& found, std::string hint = {}) const {
        error(found, "wrong-type", quoted(what) + " wants " + std::string{wanted} + ", not " + describe(found), std::move(hint));
    }
};

enum class Spelling : std::uint8_t { null, boolean, number, text, expression, date, ambiguous };
/// How a scalar reads. `date` is a plain date or time stamp, which YAML versions take for different things.
Spelling spelling(const Node&);
bool is_expression(const Node&);
/// Whether an expression stands in the node or anywhere below it.
bool contains_expression(const Node&);

// Each reports what is wrong and then gives nothing. `what` is the key, for messages.
std::optional<std::string> read_text(const Site&, const Node&, std::string_view what);
std::vector<std::string> read_texts(const Site&, const Node&, std::string_view what);   // a text or a list of texts
std::optional<bool> read_flag(const Site&, const Node&, std::string_view what);
bool read_yes(const Site&, const Node&, std::string_view what);
std::optional<std::uint32_t> read_count(const Site&, const Node&, std::string_view what, std::uint32_t least = 1);
std::optional<Duration> read_duration(const Site&, const Node&, std::string_view what);
/// An id: letters, digits, `-`, `_`, `.`; a warning unless it is kebab-case.
std::optional<std::string> read_id(const Site&, const Node&, std::string_view what);
/// Whether FEEL can read the name without quoting; reports if not.
bool check_name(const Site&, const Node&, std::string_view what);

/// Data. With a type, texts become the dates, times and durations that it declares; the result is checked against it.
std::optional<Value> read_value(const Site&, const Node&, std::string_view what, const model::Type* type = nullptr);

}  // namespace kontor::yaml

#include "cli/input.hpp"

#include "cli/clock.hpp"
#include "cli/failure.hpp"
#include "cli/files.hpp"
#include "cli/expression.hpp"
#include "feel/feel.hpp"
#include "value/json.hpp"

#include <kontor/error.hpp>

#include <cctype>

namespace kontor::cli {
namespace {

/// Whether the writer had JSON in mind: then JSON's complaint helps more than FEEL's.
bool looks_like_json(std::string_view text) {
    std::string bare;
    for (const char c : text) {
        if (!std::isspace(static_cast<unsigned char>(c))) bare += c;
        if (bare.size() == 2) break;
    }
    return bare == "{\"" || bare == "{}" || bare.starts_with("[") || bare.starts_with("\"");
}

}  // namespace

Value read_value(std::string_view option, const std::string& argument) {
    const bool in_file = argument.starts_with('@');
    const std::string text = in_file ? read_file(argument.substr(1)).text : argument;
    const std::string name = in_file ? argument.substr(1) : "--" + std::string{option};
    std::string json_error;
    try {
        return json::parse(text);
    } catch (const Error& e) {
        json_error = e.what();
    }
    const auto parsed = feel::Expression::parse(text);
    if (const auto* error = std::get_if<feel::SyntaxError>(&parsed)) {
        if (looks_like_json(text)) throw UsageError{name + ": " + json_error};
        throw UsageError{name + ":" + to_string(place_in(text, error->offset)) + ": " + error->message, error->hint};
    }
    const feel::Result result = std::get<feel::Expression>(parsed).evaluate(feel::ContextScope{{}}, {now(), "UTC"});
    if (!result.warnings.empty())
        throw UsageError{name + ":" + to_string(place_in(text, result.warnings.front().offset)) + ": " + result.warnings.front().message};
    if (result.exhausted) throw UsageError{name + ": evaluating it takes too long"};
    return result.value;
}

Variables read_context(std::string_view option, const std::string& argument) {
    const Value value = read_value(option, argument);
    if (const Variables* context = value.if_context()) return *context;
    throw UsageError{"--" + std::string{option} + " wants a context such as {\"amount\": 250000}, not a " + std::string{to_string(value.kind())}};
}

}  // namespace kontor::cli

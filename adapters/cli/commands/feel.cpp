#include "feel/feel.hpp"

#include "cli/clock.hpp"
#include "cli/commands.hpp"
#include "cli/expression.hpp"
#include "cli/files.hpp"
#include "cli/input.hpp"
#include "value/json.hpp"
#include "value/utf8.hpp"

namespace kontor::cli {
namespace {

std::string hint_for(const std::string& text, const feel::SyntaxError& error) {
    if (text.starts_with('=')) return "in YAML `=` says that an expression follows; here leave it out";
    return error.hint;
}

Exit refuse(const std::string& text, const feel::SyntaxError& error, const Console& console) {
    const std::string hint = hint_for(text, error);
    console.err.stream << "EXPR:" << to_string(place_in(text, error.offset)) << ": " << console.err.styled(Style::bad, "error:") << ' '
                       << printable(error.message) << " [syntax]\n";
    if (!hint.empty()) console.err.stream << "  " << printable(hint) << '\n';
    return Exit::no;
}

Value warnings_of(const feel::Result& result, const std::string& text) {
    std::vector<Value> warnings;
    for (const auto& warning : result.warnings) warnings.push_back(to_string(place_in(text, warning.offset)) + ": " + warning.message);
    return warnings;
}

Exit perform(const Arguments& arguments, Console& console) {
    const std::string& operand = arguments.operands.front();
    const std::string text = operand == "-" ? read_file("-").text : operand;
    if (utf8::find_invalid(text) != std::string::npos) throw UsageError{"the expression is no UTF-8"};
    const std::string* given = arguments.value("context");
    const Variables context = given ? read_context("context", *given) : Variables{};
    std::vector<std::string> names;
    for (const auto& entry : context) names.push_back(entry.name);

    const auto parsed = feel::Expression::parse(text, names);
    if (const auto* error = std::get_if<feel::SyntaxError>(&parsed)) return refuse(text, *error, console);
    const std::string* zone = arguments.value("zone");
    const feel::Result result = std::get<feel::Expression>(parsed).evaluate(feel::ContextScope{context}, {now(), zone ? *zone : "UTC"});
    if (result.exhausted) throw Refused{"the expression takes too long or makes too large a value"};

    if (arguments.has("json")) {
        const Variables answer{{"value", result.value}, {"type", to_string(result.value.kind())}, {"warnings", warnings_of(result, text)}};
        console.out.stream << json::write(answer) << '\n';
        return Exit::fine;
    }
    console.out.stream << printable(feel::to_feel(result.value)) << '\n';
    console.out.stream.flush();
    for (const auto& warning : result.warnings)
        console.err.stream << "EXPR:" << to_string(place_in(text, warning.offset)) << ": "
                           << console.err.styled(Style::warning, "warning:") << ' ' << printable(warning.message) << '\n';
    return Exit::fine;
}

}  // namespace

Command feel_command() {
    return {.name = "feel",
            .operands = "EXPR",
            .fewest = 1,
            .most = 1,
            .summary = "evaluates a FEEL expression",
            .description = "Prints the value as FEEL would write it. What made a part of it null is a warning on the standard error. `-` reads\n"
                           "the expression from the standard input. An expression that cannot be read is refused with its position: exit status 1.",
            .options = {{"context", "JSON|@FILE", "the variables that it sees: JSON or a FEEL context"},
                        {"zone", "NAME", "the time zone of now() and today(), for example Europe/Paris; UTC unless given"},
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli

#pragma once
/// Tables of expressions with the value that they must have.
#include "feel/feel.hpp"

#include <catch2/catch.hpp>

#include <initializer_list>

namespace kontor::feel::test {

inline Situation situation() {
    // 2026-03-01T09:30:15.250Z
    return {Instant{std::chrono::milliseconds{1'772'357'415'250}}, "Europe/Paris", 10'000'000};
}

inline Expression parsed(std::string_view text, std::vector<std::string> names = {}) {
    auto result = Expression::parse(text, names);
    if (auto* error = std::get_if<SyntaxError>(&result)) FAIL(text << ": " << error->offset << ": " << error->message << " / " << error->hint);
    return std::get<Expression>(result);
}

inline Result evaluated(std::string_view text, Variables variables = {}, std::vector<std::string> names = {}) {
    return parsed(text, std::move(names)).evaluate(ContextScope{std::move(variables)}, situation());
}

inline std::string written(std::string_view text, Variables variables = {}, std::vector<std::string> names = {}) {
    return to_feel(evaluated(text, std::move(variables), std::move(names)).value);
}

inline SyntaxError refused(std::string_view text) {
    auto result = Expression::parse(text);
    if (auto* error = std::get_if<SyntaxError>(&result)) return *error;
    FAIL(text << " was accepted");
    return {};
}

struct Row {
    std::string_view expression;
    std::string_view expected;   ///< as to_feel() writes it
};

inline void check(std::initializer_list<Row> rows, const Variables& variables = {}, const std::vector<std::string>& names = {}) {
    for (const auto& [expression, expected] : rows) {
        CAPTURE(expression);
        CHECK(written(expression, variables, names) == expected);
    }
}

}  // namespace kontor::feel::test

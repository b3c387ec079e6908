#include "feel/builtins/registry.hpp"
#include "feel/syntax/parser_impl.hpp"

namespace kontor::feel {

NodePtr Parser::postfix() {
    auto result = primary();
    for (;;) {
        if (cursor_.sees("..")) return result;
        if (cursor_.sees(".")) result = path(std::move(result));
        else if (cursor_.sees("(")) result = invocation(std::move(result));
        else if (cursor_.sees("[") && !(range_end_ && sees_closing_bracket())) result = filter(std::move(result));
        else return result;
    }
}

NodePtr Parser::path(NodePtr base) {
    const auto at = cursor_.offset();
    cursor_.accept(".");
    cursor_.skip();
    const auto found = names_.find(cursor_, true);
    if (found.length == 0) unexpected("a name after `.`");
    cursor_.advance(found.length);
    return make<Path>(at, std::move(base), found.name);
}

/// In `[1..5[` the second bracket closes the range; in `[1..a[1]]` it opens a filter. What follows tells which.
bool Parser::sees_closing_bracket() {
    const auto begin = cursor_.offset();
    cursor_.accept("[");
    bool closes = cursor_.at_end();
    for (const std::string_view symbol : {")", "]", "}", ",", "=", "!=", "<", ">", "+", "*", "/", "."}) closes = closes || cursor_.sees(symbol);
    for (const std::string_view word : {"and", "or", "then", "else", "return", "satisfies", "in", "between", "instance"})
        closes = closes || cursor_.sees_word(word);
    cursor_.move_to(begin);
    return closes;
}

NodePtr Parser::filter(NodePtr base) {
    const auto at = cursor_.offset();
    cursor_.accept("[");
    const bool outer = std::exchange(range_end_, false);
    const auto mark = names_.mark();
    names_.bind("item");
    names_.enter_filter();
    auto predicate = expression();
    names_.leave_filter();
    names_.leave(mark);
    range_end_ = outer;
    expect_close(']', '[', at);
    return make<Filter>(at, std::move(base), std::move(predicate));
}

/// `name:` before an argument. Names of parameters may have spaces, so all up to the colon is looked at.
std::optional<std::string> Parser::parameter_name() {
    const auto begin = cursor_.offset();
    cursor_.skip();
    auto end = static_cast<std::size_t>(cursor_.offset());
    const auto text = cursor_.text();
    for (auto c = code_point(text, end); c.length && (is_name_part(c.value) || is_space(c.value) || std::string_view{".-/'+*"}.find(static_cast<char>(c.value)) != std::string_view::npos);
         c = code_point(text, end))
        end += c.length;
    if (end < text.size() && text[end] == ':') {
        auto name = normalized_name(text.substr(cursor_.offset(), end - cursor_.offset()));
        cursor_.move_to(static_cast<std::uint32_t>(end + 1));
        if (!name.empty()) return name;
    }
    cursor_.move_to(begin);
    return std::nullopt;
}

NodePtr Parser::invocation(NodePtr callee) {
    const auto open = cursor_.offset();
    cursor_.accept("(");
    const bool outer = std::exchange(range_end_, false);
    Nodes arguments;
    std::vector<std::string> names;
    if (!cursor_.sees(")")) do {
            auto name = parameter_name();
            if (!arguments.empty() && name.has_value() == names.empty())
                cursor_.fail(cursor_.offset(), "arguments are either all named or none", "name them all: f(a: 1, b: 2)");
            if (name) names.push_back(std::move(*name));
            arguments.push_back(expression());
        } while (cursor_.accept(","));
    expect_close(')', '(', open);
    range_end_ = outer;
    const auto at = callee->offset;
    return make<Invocation>(at, std::move(callee), std::move(arguments), std::move(names));
}

}  // namespace kontor::feel

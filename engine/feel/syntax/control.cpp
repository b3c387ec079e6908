#include "feel/syntax/parser_impl.hpp"

namespace kontor::feel {

NodePtr Parser::if_expression() {
    const auto at = cursor_.offset();
    auto condition = expression();
    expect_word("then", "the condition of `if`");
    auto yes = expression();
    if (cursor_.at_end()) cursor_.fail(cursor_.offset(), "`if` without `else`", "write: if condition then a else null");
    expect_word("else", "the value of `then`");
    return make<If>(at, std::move(condition), std::move(yes), expression());
}

/// The name of an iterator or a parameter: all words before a keyword or a symbol.
std::string Parser::name_before(std::string_view word) {
    std::string name;
    while (!cursor_.at_end() && !cursor_.sees_word(word)) {
        const auto part = cursor_.peek_identifier();
        if (part.empty()) break;
        name.append(name.empty() ? "" : " ").append(part);
        cursor_.advance(part.size());
    }
    if (name.empty()) unexpected("a name");
    return name;
}

std::vector<Iterator> Parser::iterators() {
    std::vector<Iterator> result;
    do {
        auto name = name_before("in");
        expect_word("in", "the name `" + name + "`");
        auto domain = expression();
        NodePtr to;
        if (cursor_.accept("..")) to = expression();
        names_.bind(name);
        result.push_back({std::move(name), std::move(domain), std::move(to)});
    } while (cursor_.accept(","));
    return result;
}

NodePtr Parser::for_expression() {
    const auto at = cursor_.offset();
    const auto mark = names_.mark();
    auto domains = iterators();
    expect_word("return", "what `for` goes over");
    names_.bind("partial");
    const bool outer = std::exchange(partial_read_, false);
    auto body = expression();
    const bool partial = std::exchange(partial_read_, outer);
    names_.leave(mark);
    return make<For>(at, std::move(domains), std::move(body), partial);
}

NodePtr Parser::quantified(bool every) {
    const auto at = cursor_.offset();
    const auto mark = names_.mark();
    auto domains = iterators();
    expect_word("satisfies", every ? "what `every` goes over" : "what `some` goes over");
    auto test = expression();
    names_.leave(mark);
    return make<Quantified>(at, every, std::move(domains), std::move(test));
}

NodePtr Parser::function_literal() {
    const auto at = cursor_.offset();
    if (!cursor_.accept("(")) unexpected("`(` after `function`");
    std::vector<Function::Parameter> parameters;
    const auto mark = names_.mark();
    if (!cursor_.sees(")")) do {
            auto name = name_before(":");
            parameters.push_back({name, cursor_.accept(":") ? type() : Type{}});
        } while (cursor_.accept(","));
    expect_close(')', '(', at);
    if (cursor_.sees_word("external")) cursor_.fail(cursor_.offset(), "external functions are not supported", "call a service from the process");
    std::set<std::string> free;
    names_.enter_function(&free, mark);
    for (const auto& parameter : parameters) names_.bind(parameter.name);
    const bool outer_partial = partial_read_;
    // A body without parameters still sees what it captured, which are local names at the call.
    names_.bind("");
    std::shared_ptr<const Node> body = expression();
    names_.leave(mark);
    names_.leave_function();
    partial_read_ = outer_partial || free.contains("partial");
    return make<FunctionLiteral>(at, std::move(parameters), std::move(body), std::move(free));
}

}  // namespace kontor::feel

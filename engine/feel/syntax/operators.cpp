#include "feel/syntax/parser_impl.hpp"

namespace kontor::feel {
namespace {

constexpr int max_comparisons = 50;

}  // namespace

NodePtr Parser::expression() {
    const Level level{depth_, cursor_};
    return junction(false);
}

NodePtr Parser::junction(bool conjunction) {
    const std::string_view word = conjunction ? "and" : "or";
    const auto operand = [&] { return conjunction ? comparison() : junction(true); };
    cursor_.skip();
    const auto at = cursor_.offset();
    auto first = operand();
    if (!cursor_.sees_word(word)) return first;
    Nodes operands;
    operands.push_back(std::move(first));
    while (cursor_.accept_word(word)) operands.push_back(operand());
    return make<Junction>(at, conjunction, std::move(operands));
}

std::optional<Relation> Parser::accept_relation() {
    if (cursor_.sees("==") || cursor_.sees("<>") || cursor_.sees("=>") || cursor_.sees("=<")) unexpected("a comparison");
    if (cursor_.accept("!=")) return Relation::unequal;
    if (cursor_.accept("<=")) return Relation::at_most;
    if (cursor_.accept(">=")) return Relation::at_least;
    if (cursor_.accept("=")) return Relation::equal;
    if (cursor_.accept("<")) return Relation::less;
    if (cursor_.accept(">")) return Relation::greater;
    return std::nullopt;
}

NodePtr Parser::comparison() {
    auto left = additive();
    for (int count = 0;; ++count) {
        cursor_.skip();
        const auto at = cursor_.offset();
        if (count > max_comparisons) cursor_.fail(at, "too many comparisons in a row");
        if (const auto relation = accept_relation()) left = relation_to(std::move(left), at, *relation);
        else if (cursor_.accept_word("between")) left = between(std::move(left), at);
        else if (cursor_.accept_word("in")) left = membership(std::move(left), at);
        else return left;
    }
}

NodePtr Parser::relation_to(NodePtr left, std::uint32_t at, Relation relation) {
    return make<Comparison>(at, relation, std::move(left), additive());
}

NodePtr Parser::between(NodePtr subject, std::uint32_t at) {
    auto low = additive();
    expect_word("and", "the lower end of `between`");
    return make<Between>(at, std::move(subject), std::move(low), additive());
}

NodePtr Parser::membership(NodePtr subject, std::uint32_t at) {
    // A `?` in these tests is the subject of `in`, not the input of the tests around it.
    const bool outer = input_read_;
    auto what = cursor_.peek() == '(' ? tests(true) : [&] {
        std::vector<Tests::Test> one;
        one.push_back(test(false));
        return make<Tests>(cursor_.offset(), std::move(one), false, false);
    }();
    input_read_ = outer;
    return make<Membership>(at, std::move(subject), std::move(what));
}

NodePtr Parser::additive() {
    cursor_.skip();
    const auto at = cursor_.offset();
    auto first = multiplicative();
    std::vector<Calculation::Step> steps;
    for (;;) {
        cursor_.skip();
        const auto step = cursor_.offset();
        if (cursor_.accept("+")) steps.push_back({Operator::add, multiplicative(), step});
        else if (cursor_.accept("-")) steps.push_back({Operator::subtract, multiplicative(), step});
        else break;
    }
    return steps.empty() ? std::move(first) : make<Calculation>(at, std::move(first), std::move(steps));
}

NodePtr Parser::multiplicative() {
    cursor_.skip();
    const auto at = cursor_.offset();
    auto first = power();
    std::vector<Calculation::Step> steps;
    for (;;) {
        cursor_.skip();
        const auto step = cursor_.offset();
        if (!cursor_.sees("**") && cursor_.accept("*")) steps.push_back({Operator::multiply, power(), step});
        else if (cursor_.accept("/")) steps.push_back({Operator::divide, power(), step});
        else break;
    }
    return steps.empty() ? std::move(first) : make<Calculation>(at, std::move(first), std::move(steps));
}

NodePtr Parser::power() {
    cursor_.skip();
    const auto at = cursor_.offset();
    auto first = unary();
    std::vector<Calculation::Step> steps;
    while (cursor_.sees("**")) {
        const auto step = cursor_.offset();
        cursor_.accept("**");
        steps.push_back({Operator::power, unary(), step});
    }
    return steps.empty() ? std::move(first) : make<Calculation>(at, std::move(first), std::move(steps));
}

NodePtr Parser::unary() {
    cursor_.skip();
    const auto at = cursor_.offset();
    NodePtr result;
    if (cursor_.accept("-")) {
        const Level level{depth_, cursor_};
        auto operand = unary();
        const Value* constant = operand->constant();
        if (constant && constant->if_number()) result = make<Literal>(at, -*constant->if_number());
        else result = make<Negation>(at, std::move(operand));
    } else {
        result = postfix();
    }
    if (!cursor_.sees_word("instance")) return result;
    const auto where = cursor_.offset();
    cursor_.accept_word("instance");
    expect_word("of", "`instance`");
    return make<InstanceOf>(where, std::move(result), type());
}

}  // namespace kontor::feel

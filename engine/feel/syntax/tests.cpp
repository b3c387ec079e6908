#include "feel/syntax/parser_impl.hpp"

namespace kontor::feel {

/// One test. Behind `in` without parentheses it ends where an operand of a comparison would.
Tests::Test Parser::test(bool whole_expression) {
    const bool outer = std::exchange(input_read_, false);
    Tests::Test result;
    const auto relation = accept_relation();
    if (relation == Relation::unequal) {
        result.differs = true;
        result.expression = additive();
    } else if (relation) {
        result.expression = unary_comparison(*relation);
    } else {
        result.expression = whole_expression ? expression() : additive();
        result.reads_input = input_read_;
    }
    input_read_ = outer;
    return result;
}

NodePtr Parser::tests(bool in_parentheses) {
    const auto at = cursor_.offset();
    if (in_parentheses) cursor_.accept("(");
    std::vector<Tests::Test> all;
    do {
        all.push_back(test(true));
        if (in_parentheses && all.size() == 1 && cursor_.accept("..")) {   // `x in (1..5)`: the parenthesis was a range's
            all[0].expression = range(std::move(all[0].expression), false, at);
            return make<Tests>(at, std::move(all), false, false);
        }
    } while (cursor_.accept(","));
    if (in_parentheses) expect_close(')', '(', at);
    return make<Tests>(at, std::move(all), false, false);
}

/// `not(tests)` as the whole text; nothing if there is more behind it, since then `not` is the function.
NodePtr Parser::negated_tests() {
    cursor_.skip();
    const auto begin = cursor_.offset();
    if (!cursor_.accept_word("not") || !cursor_.sees("(")) {
        cursor_.move_to(begin);
        return nullptr;
    }
    auto inside = tests(true);
    if (!cursor_.at_end()) {
        cursor_.move_to(begin);
        return nullptr;
    }
    const_cast<Tests&>(static_cast<const Tests&>(*inside)).negated = true;   // still being built: no other part has seen it
    return inside;
}

}  // namespace kontor::feel

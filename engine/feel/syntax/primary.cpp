#include "feel/builtins/registry.hpp"
#include "feel/operators/compare.hpp"
#include "feel/syntax/parser_impl.hpp"
#include "value/temporal_text.hpp"

#include <algorithm>

namespace kontor::feel {
namespace {

/// The value of `@"..."`, by the form of its text.
Value temporal(std::string_view text) {
    if (auto date = parse_date(text)) return *date;
    if (auto at = parse_date_time(text)) return std::move(*at);
    if (auto time = parse_time(text)) return std::move(*time);
    if (auto days = parse_days_duration(text)) return *days;
    if (auto months = parse_months_duration(text)) return *months;
    return {};
}

}  // namespace

NodePtr Parser::primary() {
    const char next = cursor_.peek();
    const auto at = cursor_.offset();
    if ((next >= '0' && next <= '9') || next == '.') return number();
    switch (next) {
        case '"': return make<Literal>(at, Value{cursor_.string()});
        case '@': return at_literal();
        case '(': return parenthesis();
        case '[':
        case ']': return bracket();
        case '{': return context();
        case '?':
            cursor_.advance(1);
            input_read_ = true;
            return make<Name>(at, std::string{input_name}, true, nullptr);
        default: return word();
    }
}

NodePtr Parser::number() {
    const auto at = cursor_.offset();
    const auto after = cursor_.rest().substr(1, 1);
    if (cursor_.peek() == '.' && (after.empty() || after[0] < '0' || after[0] > '9')) unexpected("a value");
    return make<Literal>(at, Value{cursor_.number()});
}

NodePtr Parser::at_literal() {
    const auto at = cursor_.offset();
    cursor_.accept("@");
    if (cursor_.peek() != '"') unexpected("text in double quotes after `@`");
    const auto text = cursor_.string();
    auto value = temporal(text);
    if (value.is_null()) cursor_.fail(at, "\"" + text + "\" is no date, time or duration", "for example @\"2026-03-01\", @\"09:30:00\", @\"P2D\" or @\"P1Y6M\"");
    return make<Literal>(at, std::move(value));
}

NodePtr Parser::parenthesis() {
    const auto at = cursor_.offset();
    cursor_.accept("(");
    const bool outer = std::exchange(range_end_, false);
    NodePtr inside;
    if (const auto relation = accept_relation()) {
        inside = unary_comparison(*relation);
        expect_close(')', '(', at);
    } else {
        inside = expression();
        if (cursor_.accept("..")) inside = range(std::move(inside), false, at);
        else expect_close(')', '(', at);
    }
    range_end_ = outer;
    return inside;
}

NodePtr Parser::bracket() {
    const auto at = cursor_.offset();
    const bool closed = cursor_.peek() == '[';
    cursor_.advance(1);
    const bool outer = std::exchange(range_end_, false);
    if (closed && cursor_.accept("]")) {
        range_end_ = outer;
        return make<Literal>(at, Value{List{}});
    }
    Nodes items;
    do {
        items.push_back(expression());
        if (items.size() == 1 && cursor_.accept("..")) {
            range_end_ = outer;
            return range(std::move(items[0]), closed, at);
        }
        if (!closed) unexpected("`..` in a range that begins with `]`");
    } while (cursor_.accept(","));
    expect_close(']', '[', at);
    range_end_ = outer;
    const bool constant = std::all_of(items.begin(), items.end(), [](const NodePtr& item) { return item->constant() != nullptr; });
    if (!constant) return make<ListLiteral>(at, std::move(items));
    std::vector<Value> values;
    for (const auto& item : items) values.push_back(*item->constant());
    return make<Literal>(at, Value{List{std::move(values)}});
}

/// What follows `..`, to the closing bracket.
NodePtr Parser::range(NodePtr low, bool low_closed, std::uint32_t at) {
    const bool outer = std::exchange(range_end_, true);
    auto high = additive();
    range_end_ = outer;
    const bool high_closed = cursor_.accept("]");
    if (!high_closed && !cursor_.accept(")") && !cursor_.accept("[")) {
        if (cursor_.at_end()) cursor_.fail(at, "the range opened here is never closed", "end it with ] or )");
        unexpected("`]`, `)` or `[` at the end of the range");
    }
    if (!low->constant() || !high->constant()) return make<RangeLiteral>(at, std::move(low), std::move(high), low_closed, high_closed);
    Range range{*low->constant(), *high->constant(), low_closed, high_closed};
    if (!is_proper(range)) return make<RangeLiteral>(at, std::move(low), std::move(high), low_closed, high_closed);
    return make<Literal>(at, Value{std::move(range)});
}

/// `< 5` as a range that is unbounded on one side; `= 5` as the range of that value alone.
NodePtr Parser::unary_comparison(Relation relation) {
    const auto at = cursor_.offset();
    auto end = additive();
    const bool below = relation == Relation::less || relation == Relation::at_most;
    const bool above = relation == Relation::greater || relation == Relation::at_least;
    if (relation == Relation::unequal) cursor_.fail(at, "`!=` makes no range", "write not(...)");
    if (const Value* constant = end->constant(); constant && !constant->is_null()) {
        Range range{below ? Value{} : *constant, above ? Value{} : *constant, relation == Relation::at_least || relation == Relation::equal,
                    relation == Relation::at_most || relation == Relation::equal};
        return make<Literal>(at, Value{std::move(range)});
    }
    if (below) return make<RangeLiteral>(at, nullptr, std::move(end), false, relation == Relation::at_most);
    if (above) return make<RangeLiteral>(at, std::move(end), nullptr, relation == Relation::at_least, false);
    Nodes one;
    one.push_back(std::move(end));
    return make<ListLiteral>(at, std::move(one));   // a list of one candidate tests the same
}

NodePtr Parser::context() {
    const auto at = cursor_.offset();
    cursor_.accept("{");
    const bool outer = std::exchange(range_end_, false);
    const auto mark = names_.mark();
    std::vector<ContextLiteral::Entry> entries;
    if (!cursor_.sees("}")) do {
            auto key = context_key();
            const auto before = cursor_.offset();
            const bool is_function = cursor_.sees_word("function");
            // A function may call itself by the name of its entry; any other value may not mean itself.
            if (is_function) names_.bind(key);
            auto value = expression();
            if (auto* function = dynamic_cast<const FunctionLiteral*>(value.get()); function && is_function)
                const_cast<FunctionLiteral*>(function)->own_name = key;   // still being built: no other part has seen it
            if (!is_function) names_.bind(key);
            names_.add_member(key);
            if (before == cursor_.offset()) break;
            entries.push_back({std::move(key), std::move(value)});
        } while (cursor_.accept(","));
    names_.leave(mark);
    expect_close('}', '{', at);
    range_end_ = outer;
    return make<ContextLiteral>(at, std::move(entries));
}

std::string Parser::context_key() {
    if (cursor_.peek() == '"') {
        auto key = cursor_.string();
        expect(":", "the key of an entry");
        return key;
    }
    const auto begin = cursor_.offset();
    auto name = parameter_name();
    if (name) return std::move(*name);
    cursor_.move_to(begin);
    const auto word = cursor_.peek_identifier();
    if (word.empty()) unexpected("the name of an entry");
    cursor_.advance(word.size());
    unexpected("`:` after the name of an entry");
}

NodePtr Parser::word() {
    const auto at = cursor_.offset();
    const auto found = names_.find(cursor_, false);
    if (found.length == 0) unexpected("a value");
    if (found.known || !is_keyword(found.name)) return name();
    if (cursor_.accept_word("null")) return make<Literal>(at, Value{});
    if (cursor_.accept_word("true")) return make<Literal>(at, Value{true});
    if (cursor_.accept_word("false")) return make<Literal>(at, Value{false});
    if (cursor_.accept_word("if")) return if_expression();
    if (cursor_.accept_word("for")) return for_expression();
    if (cursor_.accept_word("some")) return quantified(false);
    if (cursor_.accept_word("every")) return quantified(true);
    if (cursor_.accept_word("function")) return function_literal();
    unexpected("a value");
}

NodePtr Parser::name() {
    const auto at = cursor_.offset();
    auto found = names_.find(cursor_, false);
    cursor_.advance(found.length);
    const auto* builtins = find_builtins(found.name);
    if (!builtins || !cursor_.sees("(")) names_.use(found.name);
    if (found.name == "partial") partial_read_ = true;
    return make<Name>(at, std::move(found.name), names_.may_be_local(), builtins);
}

}  // namespace kontor::feel

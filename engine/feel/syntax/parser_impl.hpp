#pragma once
/// The recursive-descent parser; its functions are spread over files by what they read.
#include "feel/syntax/names.hpp"
#include "feel/syntax/parser.hpp"
#include "feel/tree/control.hpp"
#include "feel/tree/operations.hpp"

namespace kontor::feel {

/// Levels of nesting in the text, each of which takes about ten C++ calls.
inline constexpr int max_nesting = 200;

class Level {
public:
    Level(int& depth, const Cursor& cursor) : depth_{depth} {
        if (++depth_ <= max_nesting) return;
        --depth_;   // the destructor does not run
        cursor.fail(cursor.offset(), "the expression is nested more than 200 levels deep", "divide it into several");
    }
    ~Level() { --depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

private:
    int& depth_;
};

class Parser {
public:
    Parser(std::string_view text, const Vocabulary& vocabulary) : cursor_{text}, names_{vocabulary.names}, types_{vocabulary.types} {}

    Parsed expression_only();
    Parsed unary_tests_only();
    Type type_only();

private:
    // parser.cpp
    Parsed finish(NodePtr root);
    NodePtr checked(NodePtr node) const;
    template <class T, class... Arguments>
    NodePtr make(Arguments&&... arguments) const {
        return checked(std::make_unique<const T>(std::forward<Arguments>(arguments)...));
    }
    [[noreturn]] void unexpected(std::string_view wanted);
    void expect(std::string_view symbol, std::string_view after);
    void expect_word(std::string_view word, std::string_view after);
    void expect_close(char close, char open, std::uint32_t opened_at);

    // operators.cpp
    NodePtr expression();
    NodePtr junction(bool conjunction);
    NodePtr comparison();
    NodePtr relation_to(NodePtr left, std::uint32_t at, Relation relation);
    NodePtr between(NodePtr subject, std::uint32_t at);
    NodePtr membership(NodePtr subject, std::uint32_t at);
    NodePtr additive();
    NodePtr multiplicative();
    NodePtr power();
    NodePtr unary();
    std::optional<Relation> accept_relation();

    // postfix.cpp
    NodePtr postfix();
    NodePtr path(NodePtr base);
    NodePtr filter(NodePtr base);
    NodePtr invocation(NodePtr callee);
    bool sees_closing_bracket();
    std::optional<std::string> parameter_name();

    // primary.cpp
    NodePtr primary();
    NodePtr number();
    NodePtr at_literal();
    NodePtr parenthesis();
    NodePtr bracket();
    NodePtr range(NodePtr low, bool low_closed, std::uint32_t at);
    NodePtr unary_comparison(Relation);
    NodePtr context();
    std::string context_key();
    NodePtr name();
    NodePtr word();

    // control.cpp
    NodePtr if_expression();
    NodePtr for_expression();
    NodePtr quantified(bool every);
    NodePtr function_literal();
    std::vector<Iterator> iterators();
    std::string name_before(std::string_view word);

    // tests.cpp
    NodePtr tests(bool in_parentheses);
    Tests::Test test(bool whole_expression);
    NodePtr negated_tests();

    // types.cpp
    Type type();
    Type type_arguments(Type::Kind kind);
    std::vector<Member> type_members();
    Type named_type();

    Cursor cursor_;
    Names names_;
    const Types* types_;
    int depth_ = 0;
    bool range_end_ = false;      ///< a `[` may close the range that is being read
    bool partial_read_ = false;
    bool input_read_ = false;     ///< `?` was read
};

}  // namespace kontor::feel

#pragma once
/// The rules of a decision table as a text table:
///
///     | score  | ltv    || eligibility | rate || note          |
///     |--------|--------||-------------|------||---------------|
///     | < 580  | -      || "refuse"    | null || "too low"     |
///
/// `||` stands between inputs and outputs, and before annotations, if there are any. Cells are FEEL; a `|` inside a string is part of it.
#include <kontor/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kontor::dmn {

/// Of a file; both are counted from 1, columns in characters.
struct Position {
    int line = 1;
    int column = 1;
    friend bool operator==(const Position&, const Position&) = default;
};

/// A piece of text and where it stands.
struct Text {
    std::string text;
    Position at;
};

struct RulesText {
    struct Row {
        Position at;
        std::vector<Text> inputs;
        std::vector<Text> outputs;
        std::vector<Text> annotations;
    };
    Row header;
    std::vector<Row> rows;          ///< only those with as many cells as the header has
    std::vector<Problem> problems;  ///< without the file's name
};

/// `start` is the position of the text's first character; all its lines begin in that column.
RulesText parse_rules(std::string_view text, Position start = {});

}  // namespace kontor::dmn

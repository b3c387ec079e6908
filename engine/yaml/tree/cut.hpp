#pragma once
/// YAML silently cuts an unquoted expression: at ` #` it begins a comment, at `: ` a mapping, and inside `{}` and `[]` any of `,
/// [ ] { }`
/// ends it. The cut leaves an open bracket or quote behind, by which it is found here.
#include "yaml/problems.hpp"
#include "yaml/tree/node.hpp"

namespace kontor::yaml {

/// Whether an expression's text has an open quote or more opening than closing brackets.
bool is_left_open(std::string_view expression);
/// Reports all cut expressions of a tree (rule `expression-cut-by-yaml`), marks them broken and takes out the entries that the
/// cut made of
/// their rests.
void report_cuts(const Text&, Node&, Problems&);
/// The same for a cut that made the document unreadable: if the error at `offset` lies in the line of an expression. False: it
/// does not.
/// `in_brackets` says where the error stands: outside of them only ` #` and `: ` cut.
bool report_cut_syntax(const Text&, std::size_t offset, std::size_t last_expression, bool in_brackets, Problems&);

}  // namespace kontor::yaml

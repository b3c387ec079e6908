#pragma once
/// SQL of the stores in PostgreSQL's words.
#include <string>
#include <string_view>

namespace kontor::store::postgresql {

/// `:name` becomes `$1`, `$2`, ... in the order in which names first appear. `{a = b}` compares two texts by the digest that the indexes hold,
/// then by themselves.
std::string in_postgresql(std::string_view sql);

}  // namespace kontor::store::postgresql

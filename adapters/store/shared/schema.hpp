#pragma once
/// The schema of SQL stores as a list of migrations. A released migration never changes; a change is one more migration.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::store {

/// How a database writes what they do not write alike. In the statements `{int}` stands for it, and so on.
struct Dialect {
    std::string_view integer;     ///< `{int}`: 63 bits and a sign
    std::string_view bytes;       ///< `{bytes}`
    std::string_view key;         ///< `{key}`: a number that is the table's primary key
    std::string_view serial;      ///< `{serial}`: the same, made by the database, growing, never used again
    std::string_view clustered;   ///< `{clustered}`: behind a table that is kept in the order of its primary key
};

struct Migration {
    std::int32_t version = 0;
    std::vector<std::string> statements;
};

/// Oldest first, versions 1, 2, 3, ...
std::vector<Migration> migrations(const Dialect&);

/// What this program can read and write: rows of a store at a higher level hold something that it does not know.
inline constexpr std::uint32_t feature_level = 1;

}  // namespace kontor::store

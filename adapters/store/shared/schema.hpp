#pragma once
/// The schema of SQL stores as a list of migrations. A released migration never changes; a change is one more migration.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::store {

struct Around {
    std::string_view before;
    std::string_view after;
    bool drop = false;            ///< with what stands between
};

/// How a database writes what they do not write alike. In the statements `{int}` stands for it, and so on.
struct Dialect {
    std::string_view integer;     ///< `{int}`: 63 bits and a sign
    std::string_view text;        ///< `{text}`: UTF-8, compared byte by byte
    std::string_view bytes;       ///< `{bytes}`
    std::string_view key;         ///< `{key}`: a number that is the table's primary key
    std::string_view serial;      ///< `{serial}`: the same, made by the database, growing, never used again
    std::string_view clustered;   ///< `{clustered}`: behind a table that is kept in the order of its primary key
    std::string_view position;    ///< `{position}`: of a journal row, its key
    std::string_view by_period;   ///< `{by_period}`: ends the journal's columns and says how it is kept by period
    Around find{};                ///< `{find COLUMN}`: how an index holds a text of any length
    Around unique{};              ///< `{unique CONSTRAINT}`: one over such texts, where the table can have it
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

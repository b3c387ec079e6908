#include "store/postgresql/sqlstate.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kontor::store::postgresql {

namespace {

/// A code, or its first two characters: the class.
constexpr std::array statements_fault{std::string_view{"22"},   // data exceptions: a value that the type cannot hold
                                      std::string_view{"23"},   // constraints
                                      std::string_view{"54"}};  // limits of PostgreSQL itself: a row or an index entry that is too large

constexpr std::array<std::pair<std::string_view, std::string_view>, 21> advice{{
    {"01000", "a commit was cut off while it waited for a standby (statement_timeout, or a person); it counts when the standby has it: is it there?"},
    {"53100", "the server's disk is full; nothing is lost, make room"},
    {"53200", "the server is out of memory"},
    {"53300", "too many connections; raise max_connections, or let other programs have fewer"},
    {"25006", "this server may only be read: a standby, or default_transaction_read_only is set; connect to the primary"},
    {"40001", "another transaction was in the way"},
    {"40P01", "another transaction was in the way"},
    {"55P03", "another transaction holds a lock for too long; does a tool have one open?"},
    {"57014", "the statement was cancelled: statement_timeout, or a person"},
    {"57P01", "the connection was ended by an administrator"},
    {"57P02", "the server is going down after a crash of one of its processes; it recovers by itself"},
    {"57P03", "the server starts, stops or recovers; it lets nobody in before it is ready"},
    {"58030", "the server's disk failed"},
    {"42501", "this user may not do that; the store's tables and their schema must belong to it: grant usage, create on schema ..."},
    {"42P01", "a table of the store is missing; was it made in another schema (search_path)?"},
    {"42P07", "a table of that name is there already; give the store a schema of its own: options=-csearch_path=kontor"},
    {"3F000", "there is no schema to make tables in: create schema ..., and name it with options=-csearch_path=..."},
    {"26000", "a prepared statement is gone; a connection pooler in between must keep sessions (session pooling)"},
    {"XX001", "a page of the database is damaged; keep a copy, then see what `kontor store check` says"},
    {"XX002", "an index is damaged; keep a copy, then reindex"},
    {"54000", "a value is too large for PostgreSQL"},
}};

}  // namespace

Blame blame_of(std::string_view sqlstate) noexcept {
    return std::ranges::find(statements_fault, sqlstate.substr(0, 2)) != statements_fault.end() ? Blame::statement : Blame::nobody;
}

std::string_view advice_for(std::string_view sqlstate) noexcept {
    const auto found = std::ranges::find(advice, sqlstate, &std::pair<std::string_view, std::string_view>::first);
    return found == advice.end() ? std::string_view{} : found->second;
}

}  // namespace kontor::store::postgresql

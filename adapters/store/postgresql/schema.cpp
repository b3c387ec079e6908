#include "store/postgresql/schema.hpp"

#include <array>

namespace kontor::store::postgresql {

namespace {

/// Texts are compared byte by byte (collation C), whatever the database's language: an order that changes with the system's library would break
/// indexes.
constexpr Dialect dialect{.integer = "bigint",
                          .text = "text collate \"C\"",
                          .bytes = "bytea",
                          .key = "bigint primary key",
                          .serial = "bigint generated always as identity primary key",
                          .clustered = "",
                          .position = "bigint not null",
                          .by_period = ", primary key (position, period)) partition by list (period)",
                          .find = {.before = "kontor_digest(", .after = ")"},
                          .unique = {.before = "", .after = "", .drop = true}};

/// An index entry of PostgreSQL holds 2,700 bytes, a text of the store any number: indexes hold digests.
constexpr const char* digest =
    "create function kontor_digest(text) returns bytea language sql immutable strict parallel safe "
    R"sql(as $$ select sha256(cast(replace($1, E'\\', E'\\\\') as bytea)) $$)sql";

constexpr std::array besides{
    "create unique index task_candidate_key on task_candidate (task, kind, kontor_digest(name))",
    "create unique index inbox_key on inbox (bucket, kontor_digest(id))",
    "create unique index message_key on message (bucket, kontor_digest(name), kontor_digest(correlation_key), kontor_digest(id))",
    "create unique index request_key on request (kontor_digest(id))",
    "create unique index deployment_key on deployment (kontor_digest(id))",
    // Counts how often an unknown commit was made final: what an older connection still sends does not fit any more.
    "alter table bucket add column settled bigint not null default 0",
    // Room for the next version of a row on its page: no index changes then.
    "alter table instance set (fillfactor = 70)",
};

constexpr std::array besides_2{
    "create unique index node_key on node (kontor_digest(id))",
    "create unique index reply_key on reply (kontor_digest(node), kontor_digest(id))",
};

}  // namespace

std::vector<Migration> migrations() {
    auto all = store::migrations(dialect);
    auto& first = all.front().statements;
    first.insert(first.begin(), digest);
    first.insert(first.end(), besides.begin(), besides.end());
    auto& second = all.at(1).statements;
    second.insert(second.end(), besides_2.begin(), besides_2.end());
    return all;
}

}  // namespace kontor::store::postgresql

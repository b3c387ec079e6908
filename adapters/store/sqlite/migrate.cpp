#include "store/sqlite/migrate.hpp"

#include "store/shared/schema.hpp"
#include "store/shared/validity.hpp"

namespace kontor::store {

namespace {

constexpr Dialect dialect{.integer = "integer",
                          .text = "text",
                          .bytes = "blob",
                          .key = "integer primary key",
                          .serial = "integer primary key autoincrement",
                          .clustered = "without rowid",
                          .position = "integer primary key",
                          .by_period = ")"};

std::int64_t number(Connection& connection, const std::string& sql) { return std::stoll(connection.text_of(sql)); }

bool has_table(Connection& connection, const std::string& name) {
    return number(connection, "select count(*) from sqlite_master where type = 'table' and name = '" + name + "'") == 1;
}

/// 0 for an empty file.
std::int32_t version_of(Connection& connection, const std::string& file) {
    if (has_table(connection, "migration")) {
        return static_cast<std::int32_t>(number(connection, "select coalesce(max(version), 0) from migration"));
    }
    if (number(connection, "select count(*) from sqlite_master") == 0) return 0;
    throw Error{Code::conflict, "sqlite:" + file + " is an SQLite file with other tables, and no Kontor store"};
}

[[noreturn]] void refuse_newer(const std::string& file, const std::string& what) {
    throw Error{Code::conflict, "sqlite:" + file + " was written by a newer version of Kontor (" + what +
                                    "); nothing was changed. Use that version: going back is not possible"};
}

void apply(Connection& connection, const Migration& migration) {
    for (const auto& statement : migration.statements) connection.run(statement);
    connection.run("insert into migration (version, applied) values (" + std::to_string(migration.version) +
                   ", strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))");
}

void fill(Connection& connection, std::uint32_t buckets) {
    connection.run("insert into store (only_row, id, buckets, feature_level, settled) values (1, '" + new_store_id() + "', " +
                   std::to_string(buckets) + ", " + std::to_string(feature_level) + ", 0)");
    for (std::uint32_t bucket = 0; bucket < buckets; ++bucket) {
        connection.run("insert into bucket (id, epoch, next_sequence, batch, node) values (" + std::to_string(bucket) + ", 0, 1, 0, '')");
    }
}

ports::StoreInfo info_of(Connection& connection, const std::string& file) {
    const auto level = static_cast<std::uint32_t>(number(connection, "select feature_level from store"));
    if (level > feature_level) {
        refuse_newer(file, "feature level " + std::to_string(level) + ", this one knows " + std::to_string(feature_level));
    }
    return {.id = connection.text_of("select id from store"),
            .buckets = static_cast<std::uint32_t>(number(connection, "select buckets from store")),
            .feature_level = level};
}

void refuse_newer_schema(const std::string& file, std::int32_t version, std::int32_t newest) {
    if (version > newest) refuse_newer(file, "schema " + std::to_string(version) + ", this one knows " + std::to_string(newest));
}

ports::StoreInfo migrate_locked(Connection& connection, const std::string& file, std::uint32_t buckets) {
    const auto steps = migrations(dialect);
    const std::int32_t version = version_of(connection, file);
    refuse_newer_schema(file, version, steps.back().version);
    if (version > 0) (void)info_of(connection, file);   // a newer feature level refuses before anything is changed
    if (version == 0) connection.run("create table migration (version integer primary key, applied text not null)");
    for (const auto& step : steps) {
        if (step.version > version) apply(connection, step);
    }
    if (version == 0) fill(connection, buckets);
    return info_of(connection, file);
}

}  // namespace

ports::StoreInfo migrate(Connection& connection, const std::string& file, std::uint32_t buckets) {
    // Takes the write lock before it looks, so a second starter waits here and then finds everything done.
    connection.run("begin immediate");
    try {
        const auto info = migrate_locked(connection, file, buckets);
        connection.run("commit");
        return info;
    } catch (...) {
        try {
            connection.run("rollback");
        } catch (const soci::soci_error&) {   // the first error tells what happened
        }
        throw;
    }
}

ports::StoreInfo read_info(Connection& connection, const std::string& file) {
    const std::int32_t newest = migrations(dialect).back().version;
    const std::int32_t version = version_of(connection, file);
    refuse_newer_schema(file, version, newest);
    if (version < newest) {
        throw Error{Code::conflict, "sqlite:" + file + " has schema " + std::to_string(version) + " instead of " + std::to_string(newest) +
                                        "; its owner brings it up to date when it starts"};
    }
    return info_of(connection, file);
}

}  // namespace kontor::store

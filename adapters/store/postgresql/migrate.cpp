#include "store/postgresql/migrate.hpp"

#include "store/postgresql/original.hpp"
#include "store/postgresql/schema.hpp"
#include "store/shared/validity.hpp"

namespace kontor::store::postgresql {

namespace {

bool has_table(Connection& connection, const std::string& table) {
    return connection.texts("select count(*) from pg_tables where schemaname = current_schema() and tablename = '" + table + "'").at(0) == "1";
}

/// 0 if there is no store.
std::int32_t version_of(Connection& connection, const std::string& name) {
    const bool migrated = has_table(connection, "migration");
    if (!migrated && !has_table(connection, "store")) return 0;
    if (migrated && has_table(connection, "bucket")) {
        return std::stoi(connection.texts("select coalesce(max(version), 0) from migration").at(0));
    }
    throw Error{Code::conflict, name + " has tables named migration or store that are not Kontor's; give the store a schema of its own: "
                                       "create schema kontor, and options=-csearch_path=kontor in its address"};
}

[[noreturn]] void refuse_newer(const std::string& name, const std::string& what) {
    throw Error{Code::conflict, name + " was written by a newer version of Kontor (" + what +
                                    "); nothing was changed. Use that version: going back is not possible"};
}

ports::StoreInfo info_of(Connection& connection, const std::string& name) {
    const auto row = connection.texts("select id, buckets, feature_level from store");
    const auto level = static_cast<std::uint32_t>(std::stoul(row.at(2)));
    if (level > feature_level) refuse_newer(name, "feature level " + row[2] + ", this one knows " + std::to_string(feature_level));
    return {.id = row[0], .buckets = static_cast<std::uint32_t>(std::stoul(row[1])), .feature_level = level};
}

void refuse_newer_schema(const std::string& name, std::int32_t version, std::int32_t newest) {
    if (version > newest) refuse_newer(name, "schema " + std::to_string(version) + ", this one knows " + std::to_string(newest));
}

void apply(Connection& connection, const Migration& migration) {
    for (const auto& statement : migration.statements) connection.run(statement);
    connection.run("insert into migration (version, applied) values (" + std::to_string(migration.version) +
                   R"(, to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))");
}

void fill(Connection& connection, std::uint32_t buckets) {
    connection.run("insert into store (only_row, id, buckets, feature_level, settled) values (1, '" + new_store_id() + "', " +
                   std::to_string(buckets) + ", " + std::to_string(feature_level) + ", 0)");
    connection.run("insert into bucket (id, epoch, next_sequence, batch, node) select n, 0, 1, 0, '' from generate_series(0, " +
                   std::to_string(buckets - 1) + ") n");
}

}  // namespace

void lock_tables(Connection& connection) { connection.run("select pg_advisory_xact_lock(hashtext('kontor'), hashtext(current_schema()))"); }

ports::StoreInfo migrate(Connection& connection, const std::string& name, const Options& options) {
    if (connection.texts("select coalesce(current_schema(), '')").at(0).empty()) {
        throw Error{Code::not_found, name + ": there is no schema to make tables in; create the one that search_path names"};
    }
    Transaction transaction{connection};
    connection.run("set local idle_in_transaction_session_timeout = '1min'");   // a slow machine, with all these statements, is no frozen one
    lock_tables(connection);
    const auto steps = migrations();
    const std::int32_t version = version_of(connection, name);
    refuse_newer_schema(name, version, steps.back().version);
    if (version > 0) (void)info_of(connection, name);   // a newer feature level refuses before anything is changed
    if (version > 0 && !options.restored) refuse_restored(connection, name);
    if (version == 0) connection.run("create table migration (version bigint primary key, applied text not null)");
    for (const auto& step : steps) {
        if (step.version > version) apply(connection, step);
    }
    if (version == 0) fill(connection, options.buckets);
    if (version == 0) sign(connection);
    const auto info = info_of(connection, name);
    transaction.commit();
    return info;
}

ports::StoreInfo read_info(Connection& connection, const std::string& name) {
    const std::int32_t newest = migrations().back().version;
    const std::int32_t version = version_of(connection, name);
    if (version == 0) throw Error{Code::not_found, name + " holds no store of Kontor; an engine makes it when it starts, as does `kontor deploy`"};
    refuse_newer_schema(name, version, newest);
    if (version < newest) {
        throw Error{Code::conflict, name + " has schema " + std::to_string(version) + " instead of " + std::to_string(newest) +
                                        "; its owner brings it up to date when it starts"};
    }
    return info_of(connection, name);
}

}  // namespace kontor::store::postgresql

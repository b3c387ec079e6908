#include "store/host/sqlite_session.hpp"

#include "store/sqlite/statement.hpp"

#include <kontor/error.hpp>

#include <soci/sqlite3/soci-sqlite3.h>

#include <array>

namespace kontor::store {
namespace {

/// SQLite refuses a transaction that reads first and writes after another's commit, so the number of buckets is read by the writing statement.
const std::string insertion =
    "insert into inbox (bucket, id, command, sent) select :bucket & (buckets - 1), :id, cast(:command as blob), :sent from store where true "
    "on conflict (bucket, id) do nothing";

template <class Work>
auto translated(const Work& work) {
    try {
        return work();
    } catch (const soci::soci_error& error) {
        const std::string why = error.what();
        if (why.find("no such table: store") != why.npos || why.find("no such table: inbox") != why.npos) {
            throw Error{Code::not_found, "this database holds no store of Kontor: an engine makes it, kontor::sqlite with the same file"};
        }
        throw Error{Code::unavailable, "the host's session: " + why};
    }
}

class SqliteSession final : public HostSession {
public:
    explicit SqliteSession(soci::session& sql) : sql_{sql} {}

    void record(const HostRecord& row) override {
        translated([&] {
            Statement insert{sql_, insertion, std::array{Kind::number, Kind::text, Kind::bytes, Kind::number}, {}};
            put(insert.parameter(0), row.bucket);
            put(insert.parameter(1), row.id);
            put(insert.parameter(2), row.command);
            put(insert.parameter(3), row.sent);
            return insert.write();
        });
    }

    void require_transaction() override {
        auto* handle = static_cast<soci::sqlite3_session_backend*>(sql_.get_backend())->conn_;
        if (sqlite_api::sqlite3_get_autocommit(handle) == 0) return;
        throw Error{Code::bad_input, "once() belongs in a transaction of the host: soci::transaction"};
    }

    bool claim(const std::string& key, Instant now) override {
        return translated([&] {
            sql_ << "create table if not exists kontor_once (key text primary key, result blob, at integer not null)";
            Statement insert{sql_, "insert into kontor_once (key, at) values (:key, :at) on conflict (key) do nothing",
                             std::array{Kind::text, Kind::number}, {}};
            put(insert.parameter(0), key);
            put(insert.parameter(1), now);
            return insert.write() == 1;
        });
    }

    void remember(const std::string& key, const std::string& result) override {
        translated([&] {
            Statement update{sql_, "update kontor_once set result = cast(:result as blob) where key = :key", std::array{Kind::bytes, Kind::text}, {}};
            put(update.parameter(0), result);
            put(update.parameter(1), key);
            return update.write();
        });
    }

    std::optional<std::string> remembered(const std::string& key) override {
        return translated([&] {
            Statement select{sql_, "select result from kontor_once where key = :key", std::array{Kind::text}, std::array{Kind::bytes}};
            put(select.parameter(0), key);
            select.start();
            std::optional<std::string> result;
            while (select.fetch()) get(select[0], result);
            return result;
        });
    }

private:
    soci::session& sql_;
};

}  // namespace

std::unique_ptr<HostSession> sqlite_session(soci::session& sql) { return std::make_unique<SqliteSession>(sql); }

}  // namespace kontor::store

// A host's session on a kind of database that holds no stores, or on none.
#include <kontor/error.hpp>
#include <kontor/soci.hpp>

#include <catch2/catch.hpp>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

using namespace kontor;

namespace {

/// As much of MySQL as it takes to be refused.
class MysqlSession : public soci::details::session_backend {
public:
    bool is_connected() override { return true; }
    void begin() override {}
    void commit() override {}
    void rollback() override {}
    std::string get_dummy_from_table() const override { return "dual"; }
    std::string get_backend_name() const override { return "mysql"; }
    soci::details::statement_backend* make_statement_backend() override { throw std::logic_error{"a statement"}; }
    soci::details::rowid_backend* make_rowid_backend() override { throw std::logic_error{"a row id"}; }
    soci::details::blob_backend* make_blob_backend() override { throw std::logic_error{"a blob"}; }
};

class Mysql : public soci::backend_factory {
public:
    soci::details::session_backend* make_session(const soci::connection_parameters&) const override { return new MysqlSession; }
};

void require_refused(soci::session& sql, const std::string& why) {
    const auto require = [&](auto work) {
        try {
            work();
            FAIL("it was not refused");
        } catch (const Error& error) {
            CHECK(error.code() == Code::bad_input);
            CHECK_THAT(error.what(), Catch::Contains(why));
        }
    };
    require([&] { InTransaction{sql}.start({.process = "loan"}); });
    require([&] { once(sql, "step-1", [] { return Variables{}; }); });
}

}  // namespace

SCENARIO("a host's session on another kind of database is refused with the names of those that will do") {
    const Mysql mysql;
    soci::session sql{soci::connection_parameters{mysql, ""}};
    require_refused(sql, "on mysql, which holds no stores of Kontor; SQLite (sqlite3) and PostgreSQL do");
}

SCENARIO("a host's session that is closed is refused") {
    soci::session sql{soci::sqlite3, ":memory:"};
    sql.close();
    require_refused(sql, "closed");
}

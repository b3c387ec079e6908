#include "store/sqlite/connection.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <iterator>

namespace kontor::store {

namespace {

/// SOCI's words for it; a file name may hold spaces.
std::string parameters(const std::string& file, std::chrono::milliseconds busy_timeout) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(busy_timeout).count();
    return "db=\"" + file + "\" timeout=" + std::to_string(seconds);
}

}  // namespace

Connection::Connection(const std::string& file, Role role, std::chrono::milliseconds busy_timeout)
    : session_{soci::sqlite3, parameters(file, busy_timeout)} {
    // A full disk, a failed sync and a failed read are all "I/O error" otherwise.
    sqlite_api::sqlite3_extended_result_codes(static_cast<soci::sqlite3_session_backend*>(session_.get_backend())->conn_, 1);
    if (role == Role::reader) {
        run("pragma query_only = on");
        return;
    }
    const std::string journal_mode = text_of("pragma journal_mode = wal");
    run("pragma synchronous = full");
    const std::string synchronous = text_of("pragma synchronous");
    if (journal_mode != "wal" || synchronous != "2") {
        throw Error{Code::unavailable, "sqlite:" + file + ": SQLite does not promise durability here: journal_mode is " + journal_mode +
                                           " instead of wal, synchronous is " + synchronous + " instead of 2 (full)"};
    }
    // Pages that change in many commits go to the file once in a while instead of every 4 MB: a tenth less is written.
    run("pragma wal_autocheckpoint = 4000");
    run("pragma journal_size_limit = 67108864");
    run("pragma cache_size = -65536");   // 64 MB: a large group never spills
}

void Connection::run(const std::string& sql) { session_ << sql; }

std::string Connection::text_of(const std::string& sql) {
    std::string text;
    session_ << sql, soci::into(text);
    return text;
}

Statement& Connection::prepared(const std::string& sql, std::span<const Kind> parameters, std::span<const Kind> results) {
    auto& slot = statements_[sql];
    if (!slot) slot = std::make_unique<Statement>(session_, sql, parameters, results);
    return *slot;
}

Statement& Connection::prepared(const std::string& sql, std::span<const Argument> arguments, std::span<const Kind> results) {
    std::vector<Kind> parameters;
    std::ranges::transform(arguments, std::back_inserter(parameters), &Argument::kind);
    Statement& statement = prepared(sql, parameters, results);
    for (std::size_t n = 0; n < arguments.size(); ++n) statement.parameter(n) = arguments[n].cell();
    return statement;
}

long long Connection::execute(const std::string& sql, std::initializer_list<Argument> arguments) {
    return prepared(sql, std::span{arguments.begin(), arguments.size()}, {}).write();
}

std::vector<std::vector<std::int64_t>> Connection::numbers(const std::string& sql, std::size_t columns,
                                                           std::initializer_list<Argument> arguments) {
    const std::vector<Kind> results(columns, Kind::number);
    std::vector<std::vector<std::int64_t>> rows;
    query(sql, std::span{arguments.begin(), arguments.size()}, results, [&](const Cells& cells) {
        auto& row = rows.emplace_back();
        for (std::size_t n = 0; n < columns; ++n) row.push_back(cells[n].number);
    });
    return rows;
}

}  // namespace kontor::store

#pragma once
/// One connection to the file with its prepared statements. Private to sqlite/: includes SOCI.
#include "store/shared/tables.hpp"
#include "store/sqlite/statement.hpp"

#include <chrono>
#include <memory>
#include <unordered_map>

namespace kontor::store {

/// One thread at a time. Throws soci_error, Error{unavailable} where the file is damaged.
class Connection {
public:
    enum class Role : std::uint8_t { writer, reader };

    /// Opens and, as writer, sets and reads back what durability rests on: WAL and synchronous=FULL.
    /// Throws Error{unavailable} if SQLite will not have it so.
    Connection(const std::string& file, Role, std::chrono::milliseconds busy_timeout);

    /// Statements without parameters and rows, not kept.
    void run(const std::string& sql);
    /// The first column of the first row of a query without parameters.
    std::string text_of(const std::string& sql);
    /// Statements of other kinds are prepared once, then kept. Returns how many rows were changed.
    long long execute(const std::string& sql, std::initializer_list<Argument>);
    /// `tail` is what follows `select ... from TABLE`, for example `where key = :a`.
    template <class Row>
    std::vector<Row> select(std::string_view tail, std::initializer_list<Argument> arguments) {
        return select<Row>(tail, std::span{arguments.begin(), arguments.size()});
    }
    template <class Row>
    std::vector<Row> select(std::string_view tail, std::span<const Argument>);
    /// Calls `take` with each row.
    template <class Take>
    void query(const std::string& sql, std::span<const Argument>, std::span<const Kind> results, const Take& take);
    /// The numbers that a query gives, row by row.
    std::vector<std::vector<std::int64_t>> numbers(const std::string& sql, std::size_t columns, std::initializer_list<Argument>);
    template <class Row>
    void insert(const std::vector<Row>&);

    [[nodiscard]] soci::session& session() noexcept { return session_; }
    [[nodiscard]] static bool alive() noexcept { return true; }   // a file does not go away

private:
    Statement& prepared(const std::string& sql, std::span<const Kind> parameters, std::span<const Kind> results);
    Statement& prepared(const std::string& sql, std::span<const Argument>, std::span<const Kind> results);

    soci::session session_;
    std::unordered_map<std::string, std::unique_ptr<Statement>> statements_;
};

/// `insert into ... values ...` with what happens to rows that are there.
template <class Row>
const std::string& insertion();

template <class Take>
void Connection::query(const std::string& sql, std::span<const Argument> arguments, std::span<const Kind> results, const Take& take) {
    Statement& statement = prepared(sql, arguments, results);
    try {
        for (statement.start(); statement.fetch();) take(statement);
    } catch (...) {
        statements_.erase(sql);   // half-way it would hold on to its snapshot
        throw;
    }
}

template <class Row>
std::vector<Row> Connection::select(std::string_view tail, std::span<const Argument> arguments) {
    static const std::string head = selection<Row>();
    static const std::vector<Kind> results = kinds<Row>(false);
    std::vector<Row> rows;
    query(head + std::string{tail}, arguments, results, [&](const Cells& cells) { rows.push_back(row_of<Row>(cells)); });
    return rows;
}

template <class Row>
void Connection::insert(const std::vector<Row>& rows) {
    if (rows.empty()) return;
    static const std::vector<Kind> parameters = kinds<Row>(true);
    Statement& statement = prepared(insertion<Row>(), parameters, {});
    for (const Row& row : rows) {
        std::size_t n = 0;
        for_each_column<Row>([&](const auto& column) {
            if (column.is_written) put(statement.parameter(n++), std::invoke(column.access, row));
        });
        statement.write();
    }
}

template <class Row>
const std::string& insertion() {
    static const std::string sql = [] {
        std::string columns;
        std::string values;
        std::string changes;
        for_each_column<Row>([&](const auto& column) {
            if (!column.is_written) return;
            const std::string name{column.name};
            const std::string separator = columns.empty() ? "" : ", ";
            columns += separator + name;
            // SOCI binds strings as text, with their length; the cast makes bytes of them, whatever stands in them.
            values += separator + (column.kind == Kind::bytes ? "cast(:" + name + " as blob)" : ":" + name);
            changes += separator + name + " = excluded." + name;
        });
        std::string made = "insert into " + std::string{Table<Row>::name} + " (" + columns + ") values (" + values + ")";
        const std::string conflict = " on conflict (" + std::string{Table<Row>::key} + ") do ";
        if (Table<Row>::existing == Existing::is_replaced) made += conflict + "update set " + changes;
        if (Table<Row>::existing == Existing::stays) made += conflict + "nothing";
        return made;
    }();
    return sql;
}

}  // namespace kontor::store

#pragma once
/// Rows as arrays, one for each column: a statement takes all rows of a table at once. Private to postgresql/.
#include "store/postgresql/parameters.hpp"
#include "store/shared/tables.hpp"

#include <initializer_list>

namespace kontor::store::postgresql {

/// Columns that are written by hand.
class Lists {
public:
    Lists(std::initializer_list<Kind> kinds) {
        for (const Kind kind : kinds) arrays_.emplace_back(kind);
    }
    void add(std::initializer_list<Argument> row) {
        auto array = arrays_.begin();
        for (const Argument& argument : row) (array++)->add(argument.cell());
        ++rows_;
    }
    [[nodiscard]] bool empty() const noexcept { return rows_ == 0; }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] Parameters take() && {
        Parameters parameters;
        for (auto& array : arrays_) parameters.add(std::move(array));
        return parameters;
    }

private:
    std::vector<wire::Array> arrays_;
    std::size_t rows_ = 0;
};

template <class Row>
const Row& row_of(const Row& row) { return row; }
template <class Row>
const Row& row_of(const Row* row) { return *row; }

/// The columns that are written. `rows`: of them, or of pointers to them.
template <class Row, class Rows>
Parameters columns_of(const Rows& rows) {
    std::vector<wire::Array> arrays;
    for (const Kind kind : kinds<Row>(true)) arrays.emplace_back(kind);
    Cell cell;
    for (const auto& each : rows) {
        const Row& row = row_of<Row>(each);
        std::size_t n = 0;
        for_each_column<Row>([&](const auto& column) {
            if (!column.is_written) return;
            cell.null = false;
            put(cell, std::invoke(column.access, row));
            arrays[n++].add(cell);
        });
    }
    Parameters parameters;
    for (auto& array : arrays) parameters.add(std::move(array));
    return parameters;
}

/// The key's columns as the unique index has them.
template <class Row>
std::string conflict_target() {
    std::string target;
    const std::string key = ", " + std::string{Table<Row>::key} + ",";
    for_each_column<Row>([&](const auto& column) {
        const std::string name{column.name};
        if (key.find(", " + name + ",") == std::string::npos) return;
        target += (target.empty() ? "" : ", ") + (column.kind == Kind::text ? "kontor_digest(" + name + ")" : name);
    });
    return target;
}

/// The rows as a query: `unnest(:key) as key, unnest(:period) as period, ...`. In the list of a select the arrays are gone through side by
/// side, while `from unnest(...)` would first write down all rows.
template <class Row>
std::string unnested() {
    std::string list;
    for_each_column<Row>([&](const auto& column) {
        if (!column.is_written) return;
        const std::string name{column.name};
        list += (list.empty() ? "unnest(:" : ", unnest(:") + name + ") as " + name;
    });
    return list;
}

/// `insert into ... select ...` with what happens to rows that are there.
template <class Row>
const std::string& insertion() {
    static const std::string sql = [] {
        std::string columns;
        std::string changes;
        for_each_column<Row>([&](const auto& column) {
            if (!column.is_written) return;
            const std::string name{column.name};
            const std::string separator = columns.empty() ? "" : ", ";
            columns += separator + name;
            changes += separator + name + " = excluded." + name;
        });
        std::string made = "insert into " + std::string{Table<Row>::name} + " (" + columns + ") select " + unnested<Row>();
        if (Table<Row>::existing == Existing::is_replaced) made += " on conflict (" + conflict_target<Row>() + ") do update set " + changes;
        if (Table<Row>::existing == Existing::stays) made += " on conflict (" + conflict_target<Row>() + ") do nothing";
        return made;
    }();
    return sql;
}

}  // namespace kontor::store::postgresql

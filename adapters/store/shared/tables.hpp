#pragma once
/// Which column holds which member: one list for each table, used for writing and for reading. The schema is in schema.cpp.
#include "ports/rows.hpp"
#include "store/shared/cell.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace kontor::store {

/// A member pointer, or a function from a row: to a reference (written and read) or to a value (written only).
template <class Row, class Access>
struct Column {
    using Type = std::invoke_result_t<Access, Row&>;
    static constexpr bool is_read = std::is_lvalue_reference_v<Type>;

    std::string_view name;
    Access access;
    Kind kind = kind_of<std::remove_cvref_t<Type>>;
    bool is_written = true;
};

template <class Row, class Access>
constexpr auto column(std::string_view name, Access access) { return Column<Row, Access>{name, access}; }
/// Any byte may stand there.
template <class Row, class Access>
constexpr auto bytes(std::string_view name, Access access) { return Column<Row, Access>{name, access, Kind::bytes}; }
/// The database fills it.
template <class Row, class Access>
constexpr auto made(std::string_view name, Access access) { return Column<Row, Access>{name, access, Column<Row, Access>{}.kind, false}; }

/// What happens to a row whose key is there already.
enum class Existing : std::uint8_t { refuses, is_replaced, stays };

/// name; key: its columns, as SQL lists them; existing; columns.
template <class Row>
struct Table;

template <>
struct Table<ports::JournalRow> {
    using R = ports::JournalRow;
    static constexpr std::string_view name = "journal", key = "position";
    static constexpr Existing existing = Existing::refuses;
    static constexpr std::tuple columns{column<R>("position", &R::position), column<R>("instance", &R::instance),
                                        column<R>("period", &R::period), column<R>("previous", &R::previous),
                                        bytes<R>("bytes", &R::bytes), column<R>("link", &R::link)};
};
template <>
struct Table<ports::InstanceRow> {
    using R = ports::InstanceRow;
    static constexpr std::string_view name = "instance", key = "key";
    static constexpr Existing existing = Existing::is_replaced;
    static constexpr std::tuple columns{
        column<R>("key", &R::key), column<R>("period", &R::period), column<R>("process", &R::process),
        column<R>("definition", &R::definition), column<R>("business_key", &R::business_key), column<R>("phase", &R::phase),
        column<R>("active", &R::active), column<R>("has_incident", &R::has_incident), column<R>("started", &R::started),
        column<R>("changed", &R::changed), column<R>("row_count", &R::rows), column<R>("last", &R::last), column<R>("head", &R::head),
        column<R>("dropped", &R::dropped)};
};
template <>
struct Table<ports::SnapshotRow> {
    using R = ports::SnapshotRow;
    static constexpr std::string_view name = "snapshot", key = "instance";
    static constexpr Existing existing = Existing::is_replaced;
    static constexpr std::tuple columns{column<R>("instance", &R::instance), column<R>("position", &R::at), bytes<R>("bytes", &R::bytes)};
};
template <>
struct Table<ports::TimerRow> {
    using R = ports::TimerRow;
    static constexpr std::string_view name = "timer", key = "key";
    static constexpr Existing existing = Existing::is_replaced;
    static constexpr std::tuple columns{column<R>("key", &R::key),
                                        column<R>("bucket", [](const R& row) { return bucket_of(row.key); }),
                                        column<R>("instance", &R::instance), column<R>("is_job", &R::is_job), column<R>("due", &R::due)};
};
template <>
struct Table<ports::SubscriptionRow> {
    using R = ports::SubscriptionRow;
    static constexpr std::string_view name = "subscription", key = "key";
    static constexpr Existing existing = Existing::is_replaced;
    static constexpr std::tuple columns{column<R>("key", &R::key), column<R>("instance", &R::instance),
                                        column<R>("message", &R::message), column<R>("correlation_key", &R::correlation_key)};
};
template <>
struct Table<ports::TaskRow> {
    using R = ports::TaskRow;
    static constexpr std::string_view name = "task", key = "key";
    static constexpr Existing existing = Existing::is_replaced;
    static constexpr std::tuple columns{
        column<R>("key", &R::key), column<R>("instance", &R::instance), column<R>("process", &R::process),
        column<R>("element", &R::element), column<R>("assignee", &R::assignee), column<R>("candidate_groups", &R::candidate_groups),
        column<R>("candidate_users", &R::candidate_users), column<R>("created", &R::created), column<R>("due", &R::due)};
};
template <>
struct Table<ports::IncidentRow> {
    using R = ports::IncidentRow;
    static constexpr std::string_view name = "incident", key = "key";
    static constexpr Existing existing = Existing::is_replaced;
    static constexpr std::tuple columns{column<R>("key", &R::key), column<R>("instance", &R::instance), column<R>("process", &R::process),
                                        column<R>("element", &R::element), column<R>("kind", &R::kind),
                                        column<R>("message", &R::message), column<R>("raised", &R::raised)};
};
template <>
struct Table<ports::InboxRow> {
    using R = ports::InboxRow;
    static constexpr std::string_view name = "inbox", key = "bucket, id";
    static constexpr Existing existing = Existing::stays;
    static constexpr std::tuple columns{column<R>("bucket", &R::bucket), column<R>("id", &R::id), bytes<R>("command", &R::command),
                                        column<R>("sent", &R::sent), made<R>("arrival", &R::arrival)};
};
template <>
struct Table<ports::ReplyRow> {
    using R = ports::ReplyRow;
    static constexpr std::string_view name = "reply", key = "node, id";
    static constexpr Existing existing = Existing::stays;
    static constexpr std::tuple columns{column<R>("node", &R::node), column<R>("id", &R::id), bytes<R>("answer", &R::answer),
                                        column<R>("sent", &R::sent)};
};
template <>
struct Table<ports::MessageRow> {
    using R = ports::MessageRow;
    static constexpr std::string_view name = "message", key = "bucket, name, correlation_key, id";
    static constexpr Existing existing = Existing::is_replaced;
    static constexpr std::tuple columns{column<R>("bucket", [](auto& row) -> auto& { return row.key.bucket; }),
                                        column<R>("name", [](auto& row) -> auto& { return row.key.name; }),
                                        column<R>("correlation_key", [](auto& row) -> auto& { return row.key.correlation_key; }),
                                        column<R>("id", [](auto& row) -> auto& { return row.key.id; }),
                                        bytes<R>("payload", &R::payload), column<R>("published", &R::published),
                                        column<R>("until", &R::until), column<R>("taken", &R::taken)};
};
template <>
struct Table<ports::RequestRow> {
    using R = ports::RequestRow;
    static constexpr std::string_view name = "request", key = "id";
    static constexpr Existing existing = Existing::refuses;
    static constexpr std::tuple columns{column<R>("id", &R::id), bytes<R>("body_hash", &R::body_hash), bytes<R>("answer", &R::answer),
                                        column<R>("answered", &R::answered)};
};
template <>
struct Table<ports::DeploymentRow> {
    using R = ports::DeploymentRow;
    static constexpr std::string_view name = "deployment", key = "id";
    static constexpr Existing existing = Existing::refuses;
    static constexpr std::tuple columns{column<R>("id", &R::id), column<R>("process", &R::process), column<R>("version", &R::version),
                                        column<R>("version_tag", &R::version_tag), column<R>("hash", &R::hash),
                                        column<R>("sources", &R::sources), column<R>("elements", &R::elements),
                                        column<R>("deployed", &R::deployed)};
};

/// Calls `visit` with each column.
template <class Row, class Visit>
constexpr void for_each_column(const Visit& visit) {
    std::apply([&](const auto&... columns) { (visit(columns), ...); }, Table<Row>::columns);
}

/// `select key, period from instance `: the columns that are read.
template <class Row>
std::string selection() {
    std::string list;
    for_each_column<Row>([&]<class C>(const C& column) {
        if (C::is_read) list += (list.empty() ? "select " : ", ") + std::string{column.name};
    });
    return list + " from " + std::string{Table<Row>::name} + " ";
}

/// Of the columns that are written, or of those that are read.
template <class Row>
std::vector<Kind> kinds(bool written) {
    std::vector<Kind> all;
    for_each_column<Row>([&]<class C>(const C& column) {
        if (written ? column.is_written : C::is_read) all.push_back(column.kind);
    });
    return all;
}

/// From what selection() reads.
template <class Row>
Row row_of(const Cells& cells) {
    Row row;
    std::size_t n = 0;
    for_each_column<Row>([&]<class C>(const C& column) {
        if constexpr (C::is_read) get(cells[n++], std::invoke(column.access, row));
    });
    return row;
}

}  // namespace kontor::store

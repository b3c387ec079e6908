#include "store/shared/validity.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace kontor::store {

namespace {

/// Conditions that hold all together, in the order of their parameters. Few combinations occur, so their statements are kept.
class Conditions {
public:
    Conditions& add(std::string_view condition) {
        sql_ += sql_.empty() ? "where " : " and ";
        sql_ += condition;
        return *this;
    }
    Conditions& add(std::string_view condition, Argument argument) {
        arguments_.push_back(std::move(argument));
        return add(condition);
    }
    /// A text that is empty is no condition.
    Conditions& add_text(std::string_view condition, std::string_view text) {
        require_text("a condition", text);
        return text.empty() ? *this : add(condition, text);
    }
    template <class Row>
    std::vector<Row> page(Connection& connection, std::uint64_t after, std::size_t limit) {
        add("key > :after", after);
        arguments_.emplace_back(limited(limit));
        return connection.select<Row>(sql_ + " order by key limit :limit", arguments_);
    }

private:
    std::string sql_;
    std::vector<Argument> arguments_;
};

}  // namespace

std::vector<ports::InstanceRow> SqliteStore::instances(const ports::InstanceFilter& filter) {
    Conditions conditions;
    conditions.add_text("process = :process", filter.process).add_text("business_key = :business_key", filter.business_key);
    // An index on some rows only is used where the query says the same as the index, so these have no parameter.
    if (!filter.business_key.empty()) conditions.add("business_key <> ''");
    if (filter.has_incident) conditions.add(*filter.has_incident ? "has_incident = 1" : "has_incident = 0");
    if (filter.phase) conditions.add("phase = :phase", lifecycle::to_string(*filter.phase));
    if (filter.started_from) conditions.add("started >= :started_from", *filter.started_from);
    if (filter.started_before) conditions.add("started < :started_before", *filter.started_before);
    return read([&](Connection& connection) { return conditions.page<ports::InstanceRow>(connection, filter.after.value, filter.limit); });
}

std::vector<ports::TaskRow> SqliteStore::tasks(const ports::TaskFilter& filter) {
    Conditions conditions;
    conditions.add_text("key in (select task from task_candidate where kind = 'group' and name = :group_name)", filter.candidate_group)
        .add_text("key in (select task from task_candidate where kind = 'user' and name = :user_name)", filter.candidate_user)
        .add_text("assignee <> '' and assignee = :assignee", filter.assignee);
    if (filter.instance) conditions.add("instance = :instance", filter.instance);
    return read([&](Connection& connection) { return conditions.page<ports::TaskRow>(connection, filter.after.value, filter.limit); });
}

std::vector<ports::IncidentRow> SqliteStore::incidents(const ports::IncidentFilter& filter) {
    Conditions conditions;
    conditions.add_text("process = :process", filter.process);
    if (filter.instance) conditions.add("instance = :instance", filter.instance);
    return read([&](Connection& connection) { return conditions.page<ports::IncidentRow>(connection, filter.after.value, filter.limit); });
}

}  // namespace kontor::store

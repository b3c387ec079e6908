#include "store/shared/sql_reads.hpp"
#include "store/shared/validity.hpp"

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
    [[nodiscard]] std::string page(std::uint64_t after, std::size_t limit) {
        add("key > :after", after);
        arguments_.emplace_back(limited(limit));
        return sql_ + " order by key limit :limit";
    }
    [[nodiscard]] std::span<const Argument> arguments() const noexcept { return arguments_; }

private:
    std::string sql_;
    std::vector<Argument> arguments_;
};

}  // namespace

std::vector<ports::InstanceRow> SqlReads::instances(const ports::InstanceFilter& filter) {
    Conditions conditions;
    conditions.add_text("{process = :process}", filter.process).add_text("{business_key = :business_key}", filter.business_key);
    // An index on some rows only is used where the query says the same as the index, so these have no parameter.
    if (!filter.business_key.empty()) conditions.add("business_key <> ''");
    if (filter.has_incident) conditions.add(*filter.has_incident ? "has_incident = 1" : "has_incident = 0");
    if (filter.phase) conditions.add("phase = :phase", lifecycle::to_string(*filter.phase));
    if (filter.started_from) conditions.add("started >= :started_from", *filter.started_from);
    if (filter.started_before) conditions.add("started < :started_before", *filter.started_before);
    const std::string page = conditions.page(filter.after.value, filter.limit);
    return many<ports::InstanceRow>(page, conditions.arguments());
}

std::vector<ports::TaskRow> SqlReads::tasks(const ports::TaskFilter& filter) {
    Conditions conditions;
    conditions.add_text("key in (select task from task_candidate where kind = 'group' and {name = :group_name})", filter.candidate_group)
        .add_text("key in (select task from task_candidate where kind = 'user' and {name = :user_name})", filter.candidate_user)
        .add_text("assignee <> '' and {assignee = :assignee}", filter.assignee);
    if (filter.instance) conditions.add("instance = :instance", filter.instance);
    const std::string page = conditions.page(filter.after.value, filter.limit);
    return many<ports::TaskRow>(page, conditions.arguments());
}

std::vector<ports::IncidentRow> SqlReads::incidents(const ports::IncidentFilter& filter) {
    Conditions conditions;
    conditions.add_text("{process = :process}", filter.process);
    if (filter.instance) conditions.add("instance = :instance", filter.instance);
    conditions.add_text("element = :element", filter.element).add_text("kind = :kind", filter.kind);
    if (filter.raised_before) conditions.add("raised < :raised_before", *filter.raised_before);
    const std::string page = conditions.page(filter.after.value, filter.limit);
    return many<ports::IncidentRow>(page, conditions.arguments());
}

}  // namespace kontor::store

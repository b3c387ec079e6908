#pragma once
/// Reads whose SQL is the same on every database.
///
/// Parameters are `:name`, numbered in the order in which names first appear. `{a = b}` marks the comparison of two texts by which rows are
/// found: an index on texts of any length is not the same everywhere.
#include "ports/store.hpp"
#include "store/shared/argument.hpp"
#include "store/shared/tables.hpp"

#include <functional>
#include <initializer_list>
#include <span>

namespace kontor::store {

class SqlReads : public ports::Store {
public:
    std::optional<ports::InstanceRow> instance(InstanceKey) override;
    std::optional<ports::SnapshotRow> snapshot(InstanceKey) override;
    std::uint64_t next_sequence(std::uint32_t bucket) override;
    std::vector<ports::JournalRow> journal_of_bucket(std::uint32_t bucket, std::uint64_t from, std::size_t limit) override;
    std::vector<InstanceKey> active_instances(std::uint32_t bucket, InstanceKey after, std::size_t limit) override;
    std::vector<ports::TimerRow> timers_due(std::uint32_t bucket, Instant until, ports::TimerCursor after, std::size_t limit) override;
    std::vector<ports::InboxRow> inbox(std::uint32_t bucket, std::uint64_t after_arrival, std::size_t limit) override;
    std::vector<ports::SubscriptionRow> all_subscriptions(core::WaitKey after, std::size_t limit) override;
    bool is_in_inbox(std::uint32_t bucket, std::string_view id) override;
    std::vector<ports::ReplyRow> replies(std::string_view node, std::size_t limit) override;
    std::vector<ports::SubscriptionRow> subscriptions(std::string_view message, std::string_view correlation_key, core::WaitKey after,
                                                      std::size_t limit) override;
    std::vector<ports::MessageRow> messages(std::uint32_t bucket, std::string_view name, std::string_view correlation_key,
                                            std::size_t limit) override;
    std::optional<ports::MessageRow> message(const ports::MessageKey&) override;
    std::vector<ports::MessageRow> messages_wanted(std::uint32_t bucket, std::size_t limit) override;
    std::optional<ports::RequestRow> request(std::string_view id) override;
    std::vector<ports::DeploymentRow> deployments() override;
    std::vector<ports::InstanceRow> instances(const ports::InstanceFilter&) override;
    std::vector<ports::TaskRow> tasks(const ports::TaskFilter&) override;
    std::optional<ports::TaskRow> task(TaskKey) override;
    std::vector<ports::IncidentRow> incidents(const ports::IncidentFilter&) override;

protected:
    using Take = std::function<void(const Cells&)>;
    /// Calls `take` with each row, on a connection for reads. Throws Error{unavailable}, or what `take` throws.
    virtual void query(const std::string& sql, std::span<const Argument>, std::span<const Kind> results, const Take& take) = 0;

    /// `tail` is what follows `select ... from TABLE`.
    template <class Row>
    std::vector<Row> many(std::string_view tail, std::span<const Argument> arguments) {
        static const std::string head = selection<Row>();
        static const std::vector<Kind> results = kinds<Row>(false);
        std::vector<Row> rows;
        query(head + std::string{tail}, arguments, results, [&](const Cells& cells) { rows.push_back(row_of<Row>(cells)); });
        return rows;
    }
    template <class Row>
    std::vector<Row> many(std::string_view tail, std::initializer_list<Argument> arguments) {
        return many<Row>(tail, std::span{arguments.begin(), arguments.size()});
    }
    template <class Row>
    std::optional<Row> one(std::string_view tail, std::initializer_list<Argument> arguments) {
        auto rows = many<Row>(tail, arguments);
        return rows.empty() ? std::nullopt : std::optional<Row>{std::move(rows.front())};
    }
    /// The one column of a query.
    std::vector<std::int64_t> numbers(const std::string& sql, std::initializer_list<Argument> arguments) {
        static constexpr Kind result = Kind::number;
        std::vector<std::int64_t> all;
        query(sql, std::span{arguments.begin(), arguments.size()}, std::span{&result, 1},
              [&](const Cells& cells) { all.push_back(cells[0].number); });
        return all;
    }
};

/// For databases whose indexes take texts of any length.
std::string without_marks(std::string_view sql);

/// What SQL takes as a limit, whatever the caller means by a large number.
inline std::uint64_t limited(std::size_t limit) noexcept { return limit < 1U << 30 ? limit : 1U << 30; }

}  // namespace kontor::store

#pragma once
/// The store in one SQLite file. Private to sqlite/: includes SOCI.
///
/// One connection writes, behind a mutex: commit(), take(), deploy() and care. Reads have a pool of their own and run beside it, since
/// WAL lets readers see the last commit while the next is written.
#include "ports/store.hpp"
#include "store/options.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/failure.hpp"
#include "store/sqlite/owner_lock.hpp"
#include "store/sqlite/read_pool.hpp"

#include <mutex>
#include <optional>

namespace kontor::store {

class SqliteStore : public ports::Store {
public:
    SqliteStore(std::string file, const Options&);

    [[nodiscard]] ports::StoreInfo info() const override { return info_; }
    ports::Lease take(std::uint32_t bucket, std::string_view node) override;
    ports::CommitResult commit(const ports::Batch&) noexcept override;
    ports::Outcome outcome(const ports::Batch&) override;

    std::optional<ports::InstanceRow> instance(InstanceKey) override;
    std::optional<ports::SnapshotRow> snapshot(InstanceKey) override;
    std::vector<ports::JournalRow> journal(InstanceKey, core::Position after, std::size_t limit) override;
    std::uint64_t next_sequence(std::uint32_t bucket) override;
    std::vector<ports::JournalRow> journal_of_bucket(std::uint32_t bucket, std::uint64_t from, std::size_t limit) override;
    std::vector<InstanceKey> active_instances(std::uint32_t bucket, InstanceKey after, std::size_t limit) override;
    std::vector<ports::TimerRow> timers_due(std::uint32_t bucket, Instant until, ports::TimerCursor after, std::size_t limit) override;
    std::vector<ports::InboxRow> inbox(std::uint32_t bucket, std::uint64_t after_arrival, std::size_t limit) override;
    std::vector<ports::SubscriptionRow> all_subscriptions(core::WaitKey after, std::size_t limit) override;
    std::vector<ports::SubscriptionRow> subscriptions(std::string_view message, std::string_view correlation_key, core::WaitKey after,
                                                      std::size_t limit) override;
    std::vector<ports::MessageRow> messages(std::uint32_t bucket, std::string_view name, std::string_view correlation_key,
                                            std::size_t limit) override;
    std::optional<ports::MessageRow> message(const ports::MessageKey&) override;
    std::vector<ports::MessageRow> messages_wanted(std::uint32_t bucket, std::size_t limit) override;
    std::optional<ports::RequestRow> request(std::string_view id) override;
    void deploy(const std::vector<ports::DeploymentRow>&) override;
    std::vector<ports::DeploymentRow> deployments() override;
    std::vector<ports::InstanceRow> instances(const ports::InstanceFilter&) override;
    std::vector<ports::TaskRow> tasks(const ports::TaskFilter&) override;
    std::optional<ports::TaskRow> task(TaskKey) override;
    std::vector<ports::IncidentRow> incidents(const ports::IncidentFilter&) override;
    std::optional<std::uint64_t> drop_period(std::int32_t period) override;
    std::uint64_t forget(Instant messages_until, Instant requests_before, std::size_t limit) override;
    std::vector<std::string> integrity() override;

private:
    ports::CommitResult write(const ports::Batch&);
    static bool pass_fence(Connection&, const ports::Batch&);
    static void write_rows(Connection&, const ports::Batch&);
    static void write_instances(Connection& writer, const std::vector<ports::InstanceRow>&);
    static void write_tasks(Connection&, const ports::Batch&);
    static void remove_rows(Connection&, const ports::Batch&);
    void settle(Connection&);
    static void drop_journal(Connection&, InstanceKey);

    /// Throws Error{unavailable} for what SQLite throws.
    template <class Read>
    auto read(const Read& read) {
        try {
            return pool_.with(read);
        } catch (const soci::soci_error& error) {
            throw Error{Code::unavailable, explain(file_, error)};
        }
    }
    /// In a transaction of the writer, all or nothing. Throws Error{forbidden} if this store only reads.
    template <class Write>
    auto transact(const Write& write);
    template <class Row>
    std::optional<Row> one(std::string_view tail, std::initializer_list<Argument> arguments) {
        auto rows = read([&](Connection& connection) { return connection.select<Row>(tail, arguments); });
        return rows.empty() ? std::nullopt : std::optional<Row>{std::move(rows.front())};
    }
    template <class Row>
    std::vector<Row> many(std::string_view tail, std::initializer_list<Argument> arguments) {
        return read([&](Connection& connection) { return connection.select<Row>(tail, arguments); });
    }

    std::string file_;
    std::optional<OwnerLock> owner_;
    std::mutex writing_;
    std::unique_ptr<Connection> writer_;   ///< none: this store only reads
    bool unsettled_ = false;               ///< a commit's outcome is unknown: its pages may lie in the WAL
    ports::StoreInfo info_;
    ReadPool pool_;
};

/// Rolls back unless it was committed. A failed COMMIT may have rolled back already.
class Transaction {
public:
    explicit Transaction(Connection& connection) : connection_{connection} { connection_.execute("begin immediate", {}); }
    ~Transaction() {
        if (!open_) return;
        try {
            connection_.execute("rollback", {});
        } catch (const soci::soci_error&) {   // there is none any more
        }
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit() {
        connection_.execute("commit", {});
        open_ = false;
    }

private:
    Connection& connection_;
    bool open_ = true;
};

template <class Write>
auto SqliteStore::transact(const Write& write) {
    const std::lock_guard lock{writing_};
    if (!writer_) throw Error{Code::forbidden, "sqlite:" + file_ + " was opened for reading only"};
    try {
        Transaction transaction{*writer_};
        auto result = write(*writer_);
        transaction.commit();
        return result;
    } catch (const soci::soci_error& error) {
        throw Error{Code::unavailable, explain(file_, error)};
    }
}

/// What SQL takes as a limit, whatever the caller means by a large number.
inline std::uint64_t limited(std::size_t limit) noexcept { return limit < 1U << 30 ? limit : 1U << 30; }

}  // namespace kontor::store

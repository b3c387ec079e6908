#pragma once
/// The store in one SQLite file. Private to sqlite/: includes SOCI.
///
/// One connection writes, behind a mutex: commit(), take(), deploy() and care. Reads have a pool of their own and run beside it, since
/// WAL lets readers see the last commit while the next is written.
#include "store/options.hpp"
#include "store/shared/ears.hpp"
#include "store/shared/presences.hpp"
#include "store/shared/pool.hpp"
#include "store/shared/sql_reads.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/failure.hpp"
#include "store/sqlite/owner_lock.hpp"

#include <mutex>
#include <optional>

namespace kontor::store {

class SqliteStore : public SqlReads {
public:
    SqliteStore(std::string file, const Options&);

    [[nodiscard]] ports::StoreInfo info() const override { return info_; }
    ports::Lease take(std::uint32_t bucket, std::string_view node) override;
    ports::Census renew(const ports::Node&, Duration lease) override;
    std::optional<ports::Lease> take_free(std::uint32_t bucket, std::string_view node, std::uint64_t epoch) override;
    void release(std::uint32_t bucket, std::uint64_t epoch) override;
    void leave(std::string_view node) override;
    void signal(std::string_view text) override { ears_.tell(text); }
    std::shared_ptr<void> listen(std::function<void(std::string_view text)> heard) override { return ears_.add(std::move(heard)); }
    ports::CommitResult commit(const ports::Batch&) noexcept override;
    ports::Outcome outcome(const ports::Batch&) override;

    std::vector<ports::JournalRow> journal(InstanceKey, core::Position after, std::size_t limit) override;
    void deploy(const std::vector<ports::DeploymentRow>&) override;
    std::vector<std::int32_t> periods() override;
    using ports::Store::drop_period;
    std::optional<std::uint64_t> drop_period(std::int32_t period, Instant ended_before) override;
    void forget_replies(std::string_view node, const std::vector<std::string>& ids) override;
    std::uint64_t forget(Instant messages_until, Instant requests_before, std::size_t limit) override;
    void skip_to(std::uint64_t sequence) override;
    void accept_restored() override;
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
            return readers_.with(read);
        } catch (const soci::soci_error& error) {
            throw Error{Code::unavailable, explain(file_, error)};
        }
    }
    /// In a transaction of the writer, all or nothing. Throws Error{forbidden} if this store only reads.
    template <class Write>
    auto transact(const Write& write);
    void query(const std::string& sql, std::span<const Argument>, std::span<const Kind> results, const Take&) override;

    std::string file_;
    std::optional<OwnerLock> owner_;
    std::mutex writing_;
    std::unique_ptr<Connection> writer_;   ///< none: this store only reads
    bool unsettled_ = false;               ///< a commit's outcome is unknown: its pages may lie in the WAL
    ports::StoreInfo info_;
    Ears ears_;
    Presences presences_;                  ///< behind `writing_`
    Pool<Connection> readers_;
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

}  // namespace kontor::store

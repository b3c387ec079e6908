#pragma once
/// The store in a PostgreSQL database. Private to postgresql/.
///
/// Commits run on connections of their own, as many at once as Options says; reads have a pool beside them. A connection that broke is
/// replaced; a commit that was on it is unknown until outcome() has looked.
#include "store/options.hpp"
#include "store/postgresql/confirmed.hpp"
#include "store/postgresql/connector.hpp"
#include "store/postgresql/listener.hpp"
#include "store/postgresql/partitions.hpp"
#include "store/postgresql/settlement.hpp"
#include "store/shared/pool.hpp"
#include "store/shared/sql_reads.hpp"

namespace kontor::store::postgresql {

/// What a commit may count on to be in the database.
enum class Expected : std::uint8_t { nothing, rows_of_instances };

class PostgresqlStore final : public SqlReads {
public:
    PostgresqlStore(Address, const Options&);

    [[nodiscard]] ports::StoreInfo info() const override { return info_; }
    ports::Lease take(std::uint32_t bucket, std::string_view node) override;
    ports::Census renew(const ports::Node&, Duration lease) override;
    std::optional<ports::Lease> take_free(std::uint32_t bucket, std::string_view node, std::uint64_t epoch) override;
    void release(std::uint32_t bucket, std::uint64_t epoch) override;
    void leave(std::string_view node) override;
    void signal(std::string_view text) override;
    std::shared_ptr<void> listen(std::function<void(std::string_view text)> heard) override;
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
    ports::CommitResult write(Connection&, const ports::Batch&);
    std::optional<ports::CommitResult> try_to_write(Connection&, const ports::Batch&, Expected);
    bool has_new_settlement(Connection&, const ports::Batch&);
    bool has_forgotten(Connection&, const ports::Batch&);
    void require_nothing_missing(Connection&);
    /// Throws Error{unavailable}, as does whatever would be written later.
    [[noreturn]] void refuse_from_now_on(Connection&);
    void require_sound() const;
    void query(const std::string& sql, std::span<const Argument>, std::span<const Kind> results, const Take&) override;

    /// On a connection that may write. Throws Error{forbidden} if this store only reads, Error{unavailable} for what PostgreSQL says.
    template <class Work>
    auto writing(const Work& work) {
        if (reads_only_) throw Error{Code::forbidden, name() + " was opened for reading only"};
        require_sound();
        try {
            return writers_.with(work);
        } catch (const Failure& failure) {
            throw error_of(name(), failure);
        }
    }
    /// The same in a transaction: all or nothing.
    template <class Work>
    auto transact(const Work& work) {
        return writing([&](Connection& connection) {
            Transaction transaction{connection};
            auto result = work(connection);
            transaction.commit();
            return result;
        });
    }
    [[nodiscard]] const std::string& name() const noexcept { return connector_.name(); }
    [[nodiscard]] std::string channel() const { return std::string{postgresql::channel_prefix} + info_.id; }

    Connector connector_;
    bool reads_only_;
    bool restores_;
    Pool<Connection> writers_;
    Pool<Connection> readers_;
    ports::StoreInfo info_;
    Partitions partitions_;
    Settlement settlement_;
    Confirmed confirmed_;
    mutable std::mutex missing_mutex_;
    std::string missing_;   ///< why nothing is written any more
    std::once_flag listening_;
    std::unique_ptr<Listener> listener_;   ///< last: its thread uses what stands above
};

}  // namespace kontor::store::postgresql

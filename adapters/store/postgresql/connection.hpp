#pragma once
/// One connection with its prepared statements. Private to postgresql/: includes libpq.
#include "store/postgresql/address.hpp"
#include "store/postgresql/handle.hpp"
#include "store/postgresql/parameters.hpp"
#include "store/postgresql/sessions.hpp"
#include "store/postgresql/timeline.hpp"
#include "store/shared/tables.hpp"

#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <unordered_map>

namespace kontor::store::postgresql {

using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// The server's process behind a connection: a number alone comes again.
struct Backend {
    std::int64_t pid = 0;
    std::int64_t started = 0;   ///< microseconds since 1970
    friend bool operator==(const Backend&, const Backend&) = default;
};

/// What a process has found out about the servers of an address.
struct Known {
    Sessions sessions;
    Timeline newest;
};

/// One thread at a time. Throws Failure.
class Connection {
public:
    /// A reader sees all that was committed, an onlooker at a standby a little less.
    enum class Role : std::uint8_t { writer, reader, onlooker };

    /// Throws NoConnection; Error{unavailable} if that server was replaced by another one, is a standby, would lose commits
    /// of a writer, or stands behind a pooler that keeps no sessions.
    Connection(const Address&, Role, std::chrono::milliseconds busy_timeout, Known&);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Connected to the newest server and in no transaction, as far as can be known without asking the server.
    [[nodiscard]] bool alive() noexcept;
    [[nodiscard]] const Backend& backend() const noexcept { return backend_; }
    [[nodiscard]] PGconn* handle() const noexcept { return handle_.get(); }
    /// What went wrong with the connection or in an answer.
    [[nodiscard]] Failure failure(const PGresult*) const;
    /// Throws Failure, lost(), if what was committed just now is on no standby although it was to wait for one: should one take over, it may
    /// never have been.
    void require_kept();

    /// Statements without parameters, not kept.
    void run(const std::string& sql);
    /// The first row of a query without parameters, as texts.
    std::vector<std::string> texts(const std::string& sql);
    /// Statements of other kinds are prepared once, then kept. SQL as in_postgresql() takes it. Returns how many rows were changed.
    long long execute(const std::string& sql, std::initializer_list<Argument>);
    /// Calls `take` with each row when all have come.
    void query(const std::string& sql, std::span<const Argument>, std::span<const Kind> results, const std::function<void(const Cells&)>& take);
    std::vector<std::vector<std::int64_t>> numbers(const std::string& sql, std::size_t columns, std::initializer_list<Argument>);
    template <class Row>
    std::vector<Row> select(std::string_view tail, std::initializer_list<Argument> arguments) {
        std::vector<Row> rows;
        query(selection<Row>() + std::string{tail}, std::span{arguments.begin(), arguments.size()}, kinds<Row>(false),
              [&](const Cells& cells) { rows.push_back(row_of<Row>(cells)); });
        return rows;
    }
    /// The same with arrays among the parameters.
    Answer perform(const std::string& sql, const Parameters&);
    /// The name of the prepared statement.
    const std::string& prepared(const std::string& sql, const std::vector<unsigned>& types);

private:
    void set_name(const std::string& name);

    Handle handle_;
    Backend backend_;
    Timeline& newest_;
    std::uint32_t timeline_ = 0;
    bool doubtful_ = false;
    std::unordered_map<std::string, std::string> statements_;
};

/// Rolls back unless it was committed.
class Transaction {
public:
    explicit Transaction(Connection& connection) : connection_{connection} { connection_.run("begin"); }
    ~Transaction() {
        if (!open_) return;
        try {
            connection_.run("rollback");
        } catch (const std::exception&) {   // the connection is gone, and so is the transaction
        }
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit() {
        connection_.run("commit");
        open_ = false;
    }

private:
    Connection& connection_;
    bool open_ = true;
};

}  // namespace kontor::store::postgresql

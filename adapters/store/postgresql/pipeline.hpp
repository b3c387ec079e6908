#pragma once
/// Several statements on one way to the server and back, as one transaction. Private to postgresql/.
#include "store/postgresql/connection.hpp"

namespace kontor::store::postgresql {

/// Between two synchronization points of the protocol everything is one transaction, committed at the second: no BEGIN and no COMMIT goes over
/// the wire. The first error undoes all.
class Pipeline {
public:
    explicit Pipeline(Connection& connection) : connection_{connection} {}

    /// The text must last: it is made once for the program.
    void add(const std::string& sql, Parameters parameters) { statements_.push_back({&sql, std::move(parameters)}); }
    /// Returns when all is committed. Throws Failure, of the statement that failed; lost() also if nobody can say what became of it.
    void run();
    /// The server may have begun: only what it says tells what became of it.
    [[nodiscard]] bool sent() const noexcept { return sent_; }

private:
    struct Step {
        const std::string* sql;
        Parameters parameters;
    };
    void send(const std::vector<const std::string*>& names);
    void receive();

    Connection& connection_;
    std::vector<Step> statements_;
    bool sent_ = false;
};

}  // namespace kontor::store::postgresql

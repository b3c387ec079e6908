#pragma once
/// A connection pooler in front of a PostgreSQL server.
#include "postgresql_server/server.hpp"

namespace kontor::test {

/// PgBouncer, on a free port. Throws with the line that installs it.
class Pooler {
public:
    /// `mode`: session, transaction or statement. `most`: connections to the server.
    Pooler(const Server&, const std::string& mode, int most = 50);
    ~Pooler();
    Pooler(const Pooler&) = delete;
    Pooler& operator=(const Pooler&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }

private:
    int port_;
    pid_t process_ = 0;
};

}  // namespace kontor::test

#pragma once
/// A PostgreSQL server that belongs to one test program.
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace kontor::test {

class Server {
public:
    /// The program's own, started when it is asked for first and running when this returns. Throws with the line that installs it.
    static Server& instance();

    Server();
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void start();
    /// As `pg_ctl stop -m immediate` does: all processes end at once, the next start recovers from the log.
    void crash();
    [[nodiscard]] int port() const noexcept { return port_; }
    /// Where pg_dump and psql are.
    [[nodiscard]] const std::filesystem::path& programs() const noexcept { return programs_; }
    /// Of the database `kontor`, by TCP. Anyone may be `kontor`; `guarded` needs the password `right`.
    [[nodiscard]] std::string url(const std::string& user = "kontor") const;
    /// Of another port of this machine, in front of the server.
    [[nodiscard]] std::string url_at(int port) const;
    /// What psql does; returns the first column of all rows. Throws what the server says.
    std::vector<std::string> sql(const std::string& statement, const std::string& database = "kontor") const;

private:
    void initialise();
    [[nodiscard]] bool answers() const;
    [[nodiscard]] std::string log() const;
    pid_t spawn(std::vector<std::string> command) const;

    std::filesystem::path folder_;
    std::filesystem::path programs_;
    uid_t user_ = 0;
    gid_t group_ = 0;
    int port_ = 0;
    pid_t server_ = 0;
};

}  // namespace kontor::test

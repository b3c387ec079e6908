#pragma once
/// A PostgreSQL server that belongs to one test program.
#include "support/ports.hpp"

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
    /// A standby that streams from another server, named `standby` there.
    struct Standby {
        const Server& of;
        int port = free_port();
        bool lets_in = true;   ///< else nobody may connect, as to a server that starts, until it is promoted
    };
    explicit Server(const Standby&);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void start();
    /// As `pg_ctl stop -m immediate` does: all processes end at once, the next start recovers from the log.
    void crash();
    /// A standby becomes the primary; others stream from it no more.
    void promote();
    /// Commits wait until the standby has them as well, or do not.
    void wait_for_standby(bool waits);
    [[nodiscard]] int port() const noexcept { return port_; }
    /// Where pg_dump and psql are.
    [[nodiscard]] const std::filesystem::path& programs() const noexcept { return programs_; }
    /// Of the database `kontor`, by TCP. Anyone may be `kontor`; `guarded` needs the password `right`.
    [[nodiscard]] std::string url(const std::string& user = "kontor") const;
    /// Of whichever of the two is the primary.
    [[nodiscard]] std::string url_with(const Server& other) const;
    /// Of another port of this machine, in front of the server.
    [[nodiscard]] std::string url_at(int port) const;
    /// A process that does not outlive this one, run as the server's user in the server's folder; what it says goes to the server's log.
    pid_t spawn(std::vector<std::string> command) const;
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
    [[nodiscard]] std::string log() const;
    /// How often a text stands there.
    [[nodiscard]] int logged(std::string_view text) const;
    /// What psql does; returns the first column of all rows. Throws what the server says.
    std::vector<std::string> sql(const std::string& statement, const std::string& database = "kontor") const;

private:
    void make_folder();
    void initialise();
    void run(std::vector<std::string> command) const;
    [[nodiscard]] bool answers(bool lets_in) const;

    std::filesystem::path folder_;
    std::filesystem::path programs_;
    uid_t user_ = 0;
    gid_t group_ = 0;
    int port_ = 0;
    pid_t server_ = 0;
    bool lets_in_ = true;
};

}  // namespace kontor::test

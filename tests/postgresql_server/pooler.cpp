#include "postgresql_server/pooler.hpp"

#include <libpq-fe.h>

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>

namespace kontor::test {

namespace {

using namespace std::chrono_literals;

std::string find_program() {
    for (const std::string path : {"/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"})
        if (::access(path.c_str(), X_OK) == 0) return path;
    throw std::runtime_error{"these tests start a PgBouncer of their own: apt-get install --no-install-recommends pgbouncer"};
}

}  // namespace

Pooler::Pooler(const Server& server, const std::string& mode, int most) : port_{free_port()} {
    const auto name = server.folder() / ("pooler-" + std::to_string(port_));
    std::ofstream{name.string() + ".users"} << "\"kontor\" \"\"\n";
    std::ofstream{name.string() + ".ini"} << "[databases]\n* = host=127.0.0.1 port=" << server.port()
                                          << "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " << port_ << "\nunix_socket_dir =\n"
                                          << "auth_type = trust\nauth_file = " << name.string() << ".users\npool_mode = " << mode
                                          << "\nmax_client_conn = 200\ndefault_pool_size = " << most
                                          << "\nquery_wait_timeout = 2\nserver_login_retry = 1\n";
    process_ = server.spawn({find_program(), name.string() + ".ini"});
    const std::string connection = "host=127.0.0.1 port=" + std::to_string(port_) + " user=kontor dbname=kontor connect_timeout=5";
    for (const auto until = std::chrono::steady_clock::now() + 30s; PQping(connection.c_str()) != PQPING_OK; ::poll(nullptr, 0, 10)) {
        const bool ended = ::waitpid(process_, nullptr, WNOHANG) == process_;
        if (ended) process_ = 0;
        if (ended || std::chrono::steady_clock::now() > until) throw std::runtime_error{"PgBouncer does not start: " + server.log()};
    }
}

Pooler::~Pooler() {
    if (process_ == 0) return;
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
}

}  // namespace kontor::test

#include "postgresql_server/server.hpp"

#include "support/ports.hpp"

#include <libpq-fe.h>

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace kontor::test {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Where initdb and postgres are: Debian keeps them out of PATH, a folder for each version.
fs::path find_programs() {
    std::vector<fs::path> folders;
    std::error_code none;
    for (const auto& version : fs::directory_iterator{"/usr/lib/postgresql", none}) folders.push_back(version.path() / "bin");
    std::ranges::sort(folders, std::greater{});
    std::istringstream path{std::getenv("PATH") ? std::getenv("PATH") : ""};
    for (std::string folder; std::getline(path, folder, ':');) folders.emplace_back(folder);
    for (const auto& folder : folders)
        if (::access((folder / "initdb").c_str(), X_OK) == 0 && ::access((folder / "postgres").c_str(), X_OK) == 0) return folder;
    throw std::runtime_error{"these tests start a PostgreSQL of their own: apt-get install --no-install-recommends postgresql"};
}

/// In memory if there is room: nobody cuts the power here, and a busy disk would make the tests ten times slower.
fs::path parent_folder() {
    std::error_code none;
    const fs::path memory = "/dev/shm";
    const auto space = fs::space(memory, none);
    return !none && space.available > (1ULL << 30) && ::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
}

int status_of(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string connection_to(int port, const std::string& database) {
    return "host=127.0.0.1 port=" + std::to_string(port) + " user=kontor dbname=" + database + " connect_timeout=5";
}

}  // namespace

Server& Server::instance() {
    static Server server;
    server.start();
    return server;
}

Server::Server() : programs_{find_programs()}, port_{free_port()} {
    make_folder();
    initialise();
}

Server::Server(const Standby& standby) : programs_{standby.of.programs_}, port_{standby.port}, lets_in_{standby.lets_in} {
    const Server& primary = standby.of;
    make_folder();
    const auto data = (folder_ / "data").string();
    run({(programs_ / "pg_basebackup").string(), "--pgdata", data, "--dbname", connection_to(primary.port_, "postgres") + " application_name=standby",
         "--write-recovery-conf", "--checkpoint", "fast", "--no-sync"});
    // What was set for the primary is not for this one: alone, its commits would wait for ever.
    std::ofstream{folder_ / "data/postgresql.auto.conf", std::ios::app}
        << "port = " << port_ << "\nsynchronous_standby_names = ''\nwal_retrieve_retry_interval = '50ms'\n"
        << "hot_standby = " << (lets_in_ ? "on" : "off") << '\n';
    start();
    while (primary.sql("select count(*) from pg_stat_replication where application_name = 'standby' and state = 'streaming'").at(0) != "1")
        ::poll(nullptr, 0, 5);
}

void Server::make_folder() {
    user_ = ::geteuid();
    group_ = ::getegid();
    std::string name = (parent_folder() / "kontor-postgresql-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error{"no temporary folder"};
    folder_ = name;
    if (user_ == 0) {
        const passwd* other = ::getpwnam("postgres");
        if (!other) other = ::getpwnam("nobody");
        if (!other) throw std::runtime_error{"PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody"};
        user_ = other->pw_uid;
        group_ = other->pw_gid;
        if (::chown(folder_.c_str(), user_, group_) != 0) throw std::runtime_error{"cannot give " + folder_.string() + " to another user"};
    }
}

Server::~Server() {
    crash();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void Server::initialise() {
    const auto data = (folder_ / "data").string();
    run({(programs_ / "initdb").string(), "--pgdata", data, "--username", "kontor", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8",
         "--no-sync", "--no-instructions"});
    std::ofstream{folder_ / "data/pg_hba.conf"}
        << "host all guarded 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\nhost replication kontor 127.0.0.1/32 trust\n";
    std::ofstream{folder_ / "data/postgresql.conf", std::ios::app}
        << "listen_addresses = '127.0.0.1'\nport = " << port_ << "\nunix_socket_directories = ''\nmax_connections = 60\nshared_buffers = 64MB\n"
        << "max_wal_size = 256MB\n";
    start();
    sql("create database kontor", "postgres");
    sql("create role guarded login password 'right'");
}

void Server::start() {
    if (server_ != 0) return;
    server_ = spawn({(programs_ / "postgres").string(), "-D", (folder_ / "data").string()});
    for (const auto until = std::chrono::steady_clock::now() + 60s; !answers(lets_in_); ::poll(nullptr, 0, 10)) {
        const bool ended = ::waitpid(server_, nullptr, WNOHANG) == server_;
        if (ended) server_ = 0;
        if (ended || std::chrono::steady_clock::now() > until) throw std::runtime_error{"PostgreSQL does not start: " + log()};
    }
}

void Server::crash() {
    if (server_ == 0) return;
    ::kill(server_, SIGQUIT);
    status_of(server_);
    server_ = 0;
}

void Server::promote() {
    run({(programs_ / "pg_ctl").string(), "promote", "--wait", "--pgdata", (folder_ / "data").string()});
    lets_in_ = true;
    while (!answers(true)) ::poll(nullptr, 0, 5);
}

void Server::wait_for_standby(bool waits) {
    const std::string name = waits ? "standby" : "";
    sql("alter system set synchronous_standby_names = '" + name + "'");
    sql("select pg_reload_conf()");
    while (sql("show synchronous_standby_names") != std::vector{name}) ::poll(nullptr, 0, 5);
    while (waits && sql("select count(*) from pg_stat_replication where sync_state = 'sync'").at(0) != "1") ::poll(nullptr, 0, 5);
}

bool Server::answers(bool lets_in) const { return PQping(connection_to(port_, "postgres").c_str()) == (lets_in ? PQPING_OK : PQPING_REJECT); }

std::string Server::url(const std::string& user) const { return "postgresql://" + user + "@127.0.0.1:" + std::to_string(port_) + "/kontor"; }
std::string Server::url_at(int port) const { return "postgresql://kontor@127.0.0.1:" + std::to_string(port) + "/kontor"; }

std::string Server::url_with(const Server& other) const {
    return "postgresql://kontor@127.0.0.1:" + std::to_string(port_) + ",127.0.0.1:" + std::to_string(other.port_) + "/kontor";
}

std::vector<std::string> Server::sql(const std::string& statement, const std::string& database) const {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection{PQconnectdb(connection_to(port_, database).c_str()), &PQfinish};
    const std::unique_ptr<PGresult, decltype(&PQclear)> answer{PQexec(connection.get(), statement.c_str()), &PQclear};
    const auto status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error{PQerrorMessage(connection.get())};
    std::vector<std::string> rows;
    for (int n = 0; n < PQntuples(answer.get()); ++n) rows.emplace_back(PQgetvalue(answer.get(), n, 0));
    return rows;
}

std::string Server::log() const {
    std::ifstream in{folder_ / "log"};
    return {std::istreambuf_iterator<char>{in}, {}};
}

int Server::logged(std::string_view text) const {
    const std::string all = log();
    int count = 0;
    for (auto at = all.find(text); at != all.npos; at = all.find(text, at + 1)) ++count;
    return count;
}

void Server::run(std::vector<std::string> command) const {
    const std::string program = command.front();
    if (status_of(spawn(std::move(command))) != 0) throw std::runtime_error{program + " failed: " + log()};
}

pid_t Server::spawn(std::vector<std::string> command) const {
    std::vector<char*> arguments;
    for (auto& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const std::string log_file = (folder_ / "log").string();
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error{"cannot fork"};
    if (child > 0) return child;
    if (::geteuid() == 0 && (::setgid(group_) != 0 || ::setuid(user_) != 0)) ::_exit(1);
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);   // an immediate shutdown
    if (::getppid() != parent || ::chdir(folder_.c_str()) != 0) ::_exit(1);
    const int out = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), in = ::open("/dev/null", O_RDONLY);
    ::dup2(in, 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    for (int descriptor = 3; descriptor < 256; ++descriptor) ::close(descriptor);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
}

}  // namespace kontor::test

#include "store/postgresql/server_use.hpp"

#include "store/postgresql/connector.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <unistd.h>

namespace kontor::store {

namespace {

namespace fs = std::filesystem;
using postgresql::Connection;

constexpr std::chrono::milliseconds patience{5000};

/// From /proc/PID/stat; times in clock ticks.
struct Process {
    std::string name;
    pid_t parent = 0;
    std::uint64_t own = 0;
    std::uint64_t children = 0;   ///< of those that have ended and were waited for
};

std::optional<Process> process(const std::string& pid) {
    std::ifstream file{"/proc/" + pid + "/stat"};
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    const auto open = line.find('('), close = line.rfind(')');   // a name may hold anything
    if (open == line.npos || close == line.npos || close < open) return std::nullopt;
    Process found{.name = line.substr(open + 1, close - open - 1)};
    std::istringstream rest{line.substr(close + 1)};
    std::string state, skipped;
    std::uint64_t user = 0, system = 0, children_user = 0, children_system = 0;
    rest >> state >> found.parent;
    for (int n = 0; n < 9; ++n) rest >> skipped;   // fields 5 to 13
    rest >> user >> system >> children_user >> children_system;
    if (!rest) return std::nullopt;
    found.own = user + system;
    found.children = children_user + children_system;
    return found;
}

/// The process that all others of the server are children of; nothing if it runs elsewhere or may not be seen.
std::optional<std::string> postmaster(Connection& connection) {
    const auto row = connection.texts("select pg_backend_pid(), inet_server_addr() is null or inet_server_addr() = inet_client_addr()");
    if (row.at(1) != "t") return std::nullopt;
    const auto backend = process(row[0]);
    if (!backend || backend->name != "postgres") return std::nullopt;
    const std::string parent = std::to_string(backend->parent);
    const auto found = process(parent);
    if (!found || found->name != "postgres") return std::nullopt;
    return parent;
}

double cpu_seconds(const std::string& postmaster) {
    std::uint64_t ticks = 0;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator{"/proc", failed}) {
        const std::string pid = entry.path().filename();
        if (pid.find_first_not_of("0123456789") != pid.npos) continue;
        const auto found = process(pid);
        if (found && (pid == postmaster || std::to_string(found->parent) == postmaster)) ticks += found->own + found->children;
    }
    return static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

struct ServerMeter::Impl {
    std::string name;
    std::unique_ptr<Connection> connection;
    std::optional<std::string> postmaster;
};

ServerMeter::ServerMeter(std::string_view address) : impl_{std::make_unique<Impl>()} {
    postgresql::Connector connector{postgresql::Address{address}, patience};
    impl_->name = connector.name();
    impl_->connection = connector.connect(Connection::Role::reader);
    try {
        impl_->postmaster = postmaster(*impl_->connection);
    } catch (const postgresql::Failure& failure) {
        throw postgresql::error_of(impl_->name, failure);
    }
}

ServerMeter::~ServerMeter() = default;
ServerMeter::ServerMeter(ServerMeter&&) noexcept = default;
ServerMeter& ServerMeter::operator=(ServerMeter&&) noexcept = default;

ServerUse ServerMeter::read() const {
    ServerUse use;
    try {
        use.log_bytes = std::stoull(impl_->connection->texts("select cast(pg_current_wal_lsn() - '0/0' as bigint)").at(0));
    } catch (const postgresql::Failure& failure) {
        throw postgresql::error_of(impl_->name, failure);
    }
    if (impl_->postmaster) use.cpu_seconds = cpu_seconds(*impl_->postmaster);
    return use;
}

}  // namespace kontor::store

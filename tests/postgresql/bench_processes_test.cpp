/// `kontor bench --processes`: several engines of one measurement, and what is left when it does not come to its end.
#include "postgresql_server/server.hpp"
#include "value/json.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace kontor::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

void wait_until(const char* what, const std::function<bool()>& is_so) {
    for (const auto until = std::chrono::steady_clock::now() + 60s; !is_so(); ::poll(nullptr, 0, 10))
        if (std::chrono::steady_clock::now() > until) throw std::runtime_error{std::string{"it was waited in vain until "} + what};
}

struct Status {
    char state = 'X';
    pid_t parent = 0;
};

/// Of /proc/PID/stat; 'X' if there is none.
Status status_of(const std::string& pid) {
    std::ifstream file{"/proc/" + pid + "/stat"};
    std::string line;
    Status status;
    std::getline(file, line);
    std::istringstream{line.substr(std::min(line.size(), line.rfind(')') + 1))} >> status.state >> status.parent;
    return status;
}

/// A zombie is gone: whoever inherits it may take his time to notice.
bool is_there(pid_t process) {
    const char state = status_of(std::to_string(process)).state;
    return state != 'X' && state != 'Z';
}

std::vector<pid_t> children_of(pid_t parent) {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator{"/proc"}) {
        const std::string pid = entry.path().filename();
        if (pid.find_first_not_of("0123456789") != pid.npos || status_of(pid).parent != parent) continue;
        if (is_there(std::stoi(pid))) found.push_back(std::stoi(pid));
    }
    return found;
}

/// A measurement that runs in a process group of its own, as a shell starts one.
class Bench {
public:
    explicit Bench(const std::string& options) {
        name_ = (fs::temp_directory_path() / "kontor-bench-XXXXXX").string();
        const int file = ::mkostemp(name_.data(), O_CLOEXEC);
        const std::string command = "exec " KONTOR_BINARY " bench " + options + " --store " + Server::instance().url();
        process_ = ::fork();
        if (process_ == 0) {
            ::setpgid(0, 0);
            ::dup2(::open("/dev/null", O_RDONLY), 0);
            ::dup2(file, 1);
            ::dup2(file, 2);
            ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
            ::_exit(127);
        }
        ::setpgid(process_, process_);
        ::close(file);
    }
    ~Bench() {
        if (process_ > 0 && status_ < 0) ::kill(-process_, SIGKILL), end();
        fs::remove(name_);
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    [[nodiscard]] pid_t process() const { return process_; }
    /// What waitpid() says.
    int end() {
        if (status_ < 0) ::waitpid(process_, &status_, 0);
        return status_;
    }
    [[nodiscard]] std::string text() const {
        std::ifstream file{name_};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

private:
    std::string name_;
    pid_t process_ = -1;
    int status_ = -1;
};

std::vector<std::string> schemas() { return Server::instance().sql(R"(select nspname from pg_namespace where nspname like 'kontor\_%')"); }

/// Until its engines have written something. Returns their processes.
std::vector<pid_t> engines_at_work(const Bench& bench, std::size_t count) {
    std::vector<pid_t> engines;
    wait_until("the processes are there", [&] { return (engines = children_of(bench.process())).size() == count; });
    wait_until("the store is there", [] {
        return !Server::instance().sql(R"(select 1 from pg_tables where tablename = 'journal' and schemaname like 'kontor\_%')").empty();
    });
    wait_until("instances are there", [] { return Server::instance().sql("select count(*) from " + schemas().at(0) + ".instance").at(0) != "0"; });
    return engines;
}

}  // namespace

TEST_CASE("several engines of a measurement share the instances and the buckets, and their figures add up") {
    for (const std::string workload : {"loan-8 --in-flight 21", "messages --in-flight 10"}) {
        Bench bench{workload + " --processes 2 --duration 1 --json"};
        const int status = bench.end();
        INFO(bench.text());
        REQUIRE(status == 0);
        const auto answer = kontor::json::parse(bench.text()).as<kontor::Variables>();
        const auto all = answer.get<std::vector<kontor::Value>>("processes");
        REQUIRE(all.size() == 2);
        kontor::Decimal per_second{0};
        int commits = 0, buckets = 0;
        for (const auto& value : all) {
            const auto& one = value.as<kontor::Variables>();
            CHECK(one.get<kontor::Decimal>("instances_per_second") > kontor::Decimal{0});
            CHECK(one.get<kontor::Decimal>("cpu_ms_per_instance") > kontor::Decimal{0});
            CHECK(one.get<int>("buckets") == 8);
            per_second = per_second + one.get<kontor::Decimal>("instances_per_second");
            commits += one.get<int>("commits");
            buckets += one.get<int>("buckets");
        }
        CHECK(buckets == 16);
        CHECK(answer.get<int>("commits") == commits);
        if (answer.contains("instances_per_second")) {   // of messages each engine's ends with its last instance
            const auto total = answer.get<kontor::Decimal>("instances_per_second");
            CHECK(total >= per_second - kontor::Decimal{2});   // each is rounded
            CHECK(total <= per_second + kontor::Decimal{2});
        }
        CHECK(answer.get<kontor::Decimal>("database_bytes_per_instance") > kontor::Decimal{1000});
        CHECK(answer.get<int>("buckets_changed_hands") == 0);
        CHECK(schemas().empty());
    }
}

TEST_CASE("a measurement ends with a clear error when one of its processes dies, and leaves nothing behind") {
    Bench bench{"loan-8 --in-flight 20 --processes 3 --duration 60"};
    const auto engines = engines_at_work(bench, 3);
    ::kill(engines.at(1), SIGKILL);
    const int status = bench.end();
    INFO(bench.text());
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 3);
    CHECK_THAT(bench.text(), Catch::Contains("of 3 was ended by signal 9 when it should measure"));
    for (const pid_t engine : engines) CHECK_FALSE(is_there(engine));
    CHECK(schemas().empty());
}

TEST_CASE("a measurement that is interrupted leaves neither processes nor a schema behind") {
    const int signal = GENERATE(SIGINT, SIGTERM);
    const bool is_filling = GENERATE(false, true);   // before it measures
    Bench bench{is_filling ? "parked --instances 5000000" : "loan-8 --in-flight 20 --processes 2 --duration 60"};
    const auto engines = engines_at_work(bench, is_filling ? 1 : 2);
    if (signal == SIGINT) ::kill(-bench.process(), signal);   // as a terminal does: to all of them
    else ::kill(bench.process(), signal);
    const int status = bench.end();
    INFO(bench.text());
    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == signal);
    for (const pid_t engine : engines) CHECK_FALSE(is_there(engine));
    CHECK(schemas().empty());
}

TEST_CASE("a measurement in one process that is interrupted leaves no schema behind") {
    const std::string workload = GENERATE("loan-8 --in-flight 20 --limit", "loan-8 --in-flight 20 --parked 5000000", "timers --in-flight 50",
                                          "messages --in-flight 20");
    Bench bench{workload + " --duration 60"};
    (void)engines_at_work(bench, 0);
    ::kill(-bench.process(), SIGINT);
    const int status = bench.end();
    INFO(bench.text());
    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGINT);
    CHECK(schemas().empty());
}

TEST_CASE("a measurement that is killed takes its processes with it") {
    Bench bench{"loan-8 --in-flight 20 --processes 2 --duration 60"};
    const auto engines = engines_at_work(bench, 2);
    ::kill(bench.process(), SIGKILL);
    bench.end();
    for (const pid_t engine : engines) wait_until("its processes are gone", [&] { return !is_there(engine); });
    // Nobody is left to do it.
    for (const auto& schema : schemas()) Server::instance().sql("set client_min_messages = warning; drop schema " + schema + " cascade");
}

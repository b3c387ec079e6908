// A server that has no room: on its disk, or for another connection.
#include "postgresql/patient_opening.hpp"
#include "postgresql_server/server.hpp"
#include "store/postgresql/open_postgresql.hpp"
#include "store_suite/stores.hpp"
#include "store_suite/world.hpp"

#include <kontor/error.hpp>

#include <catch2/catch.hpp>

#include <libpq-fe.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <random>
#include <thread>

#include <poll.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;

namespace {

using Plain = std::unique_ptr<PGconn, decltype(&PQfinish)>;

/// A file system in memory with little room. Takes root.
class SmallDisk {
public:
    SmallDisk() : folder_{std::filesystem::temp_directory_path() / ("kontor-small-disk-" + std::to_string(::getpid()))} {
        std::filesystem::create_directories(folder_);
        mounted_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=48m") == 0;
        if (!mounted_) why_ = std::strerror(errno);
    }
    ~SmallDisk() {
        if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
        std::error_code ignored;
        std::filesystem::remove(folder_, ignored);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    [[nodiscard]] bool is_there() const noexcept { return mounted_; }
    [[nodiscard]] const std::string& why() const noexcept { return why_; }
    [[nodiscard]] std::filesystem::path file(const std::string& name) const { return folder_ / name; }
    void fill_but(std::uint64_t bytes) {
        const auto room = std::filesystem::space(folder_).available;
        std::ofstream{file("ballast"), std::ios::binary} << std::string(room > bytes ? room - bytes : 0, 'x');
    }
    void make_room() { std::filesystem::remove(file("ballast")); }

private:
    std::filesystem::path folder_;
    bool mounted_ = false;
    std::string why_;
};

/// The user that the server runs as owns what it shall write to.
void give_to_server(const std::filesystem::path& folder) {
    struct stat owner {};
    REQUIRE(::stat(Server::instance().sql("show data_directory").at(0).c_str(), &owner) == 0);
    std::filesystem::create_directories(folder);
    REQUIRE(::chown(folder.c_str(), owner.st_uid, owner.st_gid) == 0);
}

}  // namespace

TEST_CASE("the disk of the server is full: commits are refused, nothing is half there, and it goes on when there is room", "[.][full-disk]") {
    SmallDisk disk;
    if (!disk.is_there()) {
        std::printf("skipped: a small file system cannot be mounted here (%s); root can\n", disk.why().c_str());
        return;
    }
    Server& server = Server::instance();
    give_to_server(disk.file("space"));
    server.sql("create tablespace small location '" + disk.file("space").string() + "'");
    server.sql("create database full_disk tablespace small");
    {
        const auto store = store::open_postgresql("postgresql://kontor@127.0.0.1:" + std::to_string(server.port()) + "/full_disk", {});
        Writer writer{*store};
        std::mt19937 random{1};
        const auto noise = [&] {   // that the server cannot make smaller
            std::string bytes(20'000, ' ');
            for (char& byte : bytes) byte = static_cast<char>(random() & 0xff);
            return bytes;
        };
        std::uint64_t rows = 0;
        const auto next = [&] {
            auto batch = writer.batch();
            for (int n = 0; n < 20; ++n) writer.start(batch, 0, noise());
            return batch;
        };
        disk.fill_but(8'000'000);
        auto batch = next();
        auto result = writer.try_commit(batch);
        for (; name(result) == "committed" && rows < 2'000; result = writer.try_commit(batch = next())) rows += 20;
        REQUIRE(name(result) == "unavailable");
        CHECK_THAT(why(result), Catch::Contains("the server's disk is full") && Catch::Contains("53100"));
        CHECK(rows > 0);
        for (int again = 0; again < 3; ++again) CHECK(name(writer.try_commit(batch)) == "unavailable");
        CHECK(require_whole(*store) == rows);   // it can still be read
        CHECK(store->outcome(batch) == ports::Outcome::absent);

        disk.make_room();
        writer.commit(batch);   // the same one, as the engine does
        CHECK(require_whole(*store) == rows + 20);
        CHECK(store->integrity().empty());
    }
    server.sql("drop database full_disk with (force)");
    server.sql("drop tablespace small");
}

TEST_CASE("the server takes no more connections: a store that has lost its own waits, says why, and goes on when there is a place") {
    Server& server = Server::instance();
    server.sql("create role tenant login");   // a superuser has places of his own
    server.sql("create database crowded owner tenant");
    const std::string url = "postgresql://tenant@127.0.0.1:" + std::to_string(server.port()) + "/crowded";
    {
        const auto store = store::open_postgresql(url, {});
        Writer writer{*store};
        auto batch = writer.batch();
        writer.start(batch);
        writer.commit(batch);

        batch = writer.batch();
        writer.start(batch);
        server.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'tenant'");
        std::vector<Plain> crowd;
        do crowd.emplace_back(PQconnectdb(url.c_str()), &PQfinish);
        while (PQstatus(crowd.back().get()) == CONNECTION_OK && crowd.size() < 200);
        REQUIRE(crowd.size() < 200);

        auto result = writer.try_commit(batch);
        CHECK(name(result) == "unavailable");
        CHECK_THAT(why(result), Catch::Contains("connection slots are reserved") || Catch::Contains("too many clients"));
        CHECK_THROWS_WITH(store->instance({1}), Catch::Contains("connection slots are reserved") || Catch::Contains("too many clients"));
        CHECK_THROWS_WITH(store::open_postgresql(url, {.patience = 0ms}), Catch::Contains("raise max_connections"));
        CHECK_THAT(why(result), Catch::Contains("raise max_connections"));

        const int before = server.logged("FATAL:  ");
        PatientOpening opening{url};
        while (server.logged("FATAL:  ") < before + 2) ::poll(nullptr, 0, 5);
        crowd.clear();
        CHECK(opening.result() == store->info().id);
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};   // the server notices that they have gone
        while (name(result) != "committed" && std::chrono::steady_clock::now() < until) {
            REQUIRE(name(result) == "unavailable");
            result = writer.try_commit(batch);
        }
        CHECK(name(result) == "committed");
        const auto reads = [&] {
            try {
                return store->next_sequence(0) == 3;
            } catch (const Error&) {
                return false;   // the places become free one by one
            }
        };
        while (!reads()) REQUIRE(std::chrono::steady_clock::now() < until);
        CHECK(require_whole(*store) == 2);
    }
    server.sql("drop database crowded with (force)");
    server.sql("drop role tenant");
}

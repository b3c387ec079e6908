#include "store_suite/stores.hpp"
#include "store_suite/world.hpp"

#include <kontor/error.hpp>

#include <sqlite3.h>

#include <atomic>
#include <fstream>

#include <sys/syscall.h>
#include <unistd.h>

using namespace kontor;
using namespace kontor::test;

namespace {

std::atomic<std::uint64_t> syncs{0};

}  // namespace

// Ours are found before those of the C library, by SQLite as well: what it asks of the system is counted, then done.
extern "C" int fdatasync(int descriptor) {
    ++syncs;
    return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}
extern "C" int fsync(int descriptor) {
    ++syncs;
    return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

namespace {

/// What a person with the sqlite3 shell does.
std::string shell(const std::string& file, const std::string& sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
    std::string answer;
    char* error = nullptr;
    const auto take = [](void* to, int, char** values, char**) { return *static_cast<std::string*>(to) = values[0] ? values[0] : "", 0; };
    if (sqlite3_exec(db, sql.c_str(), take, &answer, &error) != SQLITE_OK) answer = error;
    sqlite3_free(error);
    sqlite3_close(db);
    return answer;
}

std::string refusal(const std::string& url, Code code, const store::Options& options = {}) {
    try {
        store::open_store(url, options);
    } catch (const Error& error) {
        CHECK(to_string(error.code()) == to_string(code));
        return error.what();
    }
    return "was opened";
}

}  // namespace

TEST_CASE("each commit is synced before it is acknowledged") {
    const Folder folder;
    const auto store = store::open_store("sqlite:" + folder.path("loans.db"));
    Writer writer{*store};
    for (int n = 0; n < 50; ++n) {
        auto batch = writer.batch();
        writer.start(batch);
        const auto before = syncs.load();
        writer.commit(batch);
        REQUIRE(syncs > before);
    }
}

TEST_CASE("durability is asked for and read back") {
    const Folder folder;
    const auto file = folder.path("loans.db");
    const auto store = store::open_store("sqlite:" + file);
    CHECK(shell(file, "pragma journal_mode") == "wal");
    CHECK(shell(file, "select count(*) from migration") == "2");
}

TEST_CASE("a URL that is no store of this program says what would be one") {
    CHECK_THAT(refusal("loans.db", Code::bad_input), Catch::Contains("sqlite:loans.db"));
    CHECK_THAT(refusal("", Code::bad_input), Catch::Contains("sqlite:"));
    CHECK_THAT(refusal("mysql://host", Code::bad_input), Catch::Contains("not supported") && Catch::Contains("sqlite:FILE") && Catch::Contains("postgresql://"));
    CHECK_THAT(refusal("oracle:x", Code::bad_input), Catch::Contains("sqlite:FILE"));
    CHECK_THAT(refusal("sqlite:", Code::bad_input), Catch::Contains("sqlite:loans.db"));
    CHECK_THAT(refusal("sqlite::memory:", Code::bad_input), Catch::Contains("memory:"));
    CHECK_THAT(refusal("memory:", Code::bad_input, {.buckets = 3}), Catch::Contains("1, 2, 4"));
    CHECK_THAT(refusal("memory:", Code::bad_input, {.buckets = 512}), Catch::Contains("256"));
}

TEST_CASE("a file that cannot be a store says why") {
    const Folder folder;
    CHECK_THAT(refusal("sqlite:" + folder.path("none/loans.db"), Code::unavailable), Catch::Contains("folder"));
    CHECK_THAT(refusal("sqlite:" + folder.path("none.db"), Code::not_found, {.access = store::Access::reader}), Catch::Contains("no such file"));

    std::ofstream{folder.path("text.db")} << std::string(5000, 'x');
    CHECK_THAT(refusal("sqlite:" + folder.path("text.db"), Code::unavailable), Catch::Contains("not an SQLite file"));

    shell(folder.path("other.db"), "create table cats (name text)");
    CHECK_THAT(refusal("sqlite:" + folder.path("other.db"), Code::conflict), Catch::Contains("no Kontor store"));
    CHECK(shell(folder.path("other.db"), "select count(*) from sqlite_master") == "1");
}

TEST_CASE("a store that a newer version wrote is not opened, and not changed") {
    const Folder folder;
    const auto file = folder.path("loans.db");
    store::open_store("sqlite:" + file);
    SECTION("newer schema") { shell(file, "insert into migration values (99, 'tomorrow')"); }
    SECTION("higher feature level") { shell(file, "update store set feature_level = 2"); }
    CHECK_THAT(refusal("sqlite:" + file, Code::conflict), Catch::Contains("newer version"));
    CHECK_THAT(refusal("sqlite:" + file, Code::conflict, {.access = store::Access::reader}), Catch::Contains("newer version"));
}

TEST_CASE("an owner in the same process is an owner, by any name of the file") {
    const Folder folder;
    const auto store = store::open_store("sqlite:" + folder.path("loans.db"));
    std::filesystem::create_symlink(folder.path("loans.db"), folder.path("alias.db"));
    CHECK_THAT(refusal("sqlite:" + folder.path("loans.db"), Code::conflict), Catch::Contains("this process itself"));
    CHECK_THAT(refusal("sqlite:" + folder.path("alias.db"), Code::conflict), Catch::Contains("this process itself"));
}

TEST_CASE("a tool that holds SQLite's lock delays a commit and blames no batch") {
    const Folder folder;
    const auto file = folder.path("loans.db");
    const auto store = store::open_store("sqlite:" + file, {.busy_timeout = std::chrono::milliseconds{1}});
    Writer writer{*store};
    auto batch = writer.batch();
    writer.start(batch);
    sqlite3* tool = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &tool) == SQLITE_OK);
    REQUIRE(sqlite3_exec(tool, "begin immediate", nullptr, nullptr, nullptr) == SQLITE_OK);
    const auto result = store->commit(batch);
    CHECK(name(result) == "unavailable");
    CHECK_THAT(why(result), Catch::Contains("another process"));
    CHECK_THROWS_AS(store->take(0, "x"), Error);
    CHECK(store->journal_of_bucket(0, 1, 5).empty());   // reads go on
    REQUIRE(sqlite3_exec(tool, "rollback", nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(tool);
    writer.commit(batch);
}

TEST_CASE("damage is reported, by reads and by the check") {
    const Folder folder;
    const auto file = folder.path("loans.db");
    InstanceKey key;
    {
        const auto store = store::open_store("sqlite:" + file);
        Writer writer{*store};
        auto batch = writer.batch();
        key = writer.start(batch, 0, every_byte(100'000));
        for (int n = 0; n < 100; ++n) writer.record(batch, key, every_byte(2000));
        writer.commit(batch);
    }
    // The end of the file holds the journal; its beginning says what tables there are.
    const auto pages = static_cast<int>(std::filesystem::file_size(file) / 4096);
    REQUIRE(pages > 100);
    std::fstream out{file, std::ios::in | std::ios::out | std::ios::binary};
    for (int page = pages - 40; page < pages; ++page) out.seekp(page * 4096) << std::string(200, '\xEE');
    out.close();
    const auto store = store::open_store("sqlite:" + file);
    bool noticed = false;
    try {
        noticed = !store->integrity().empty();
    } catch (const Error& error) {
        noticed = error.code() == Code::unavailable;
    }
    CHECK(noticed);
    try {
        noticed = broken_instance(*store, key).has_value();
    } catch (const Error& error) {
        noticed = error.code() == Code::unavailable;
        CHECK_THAT(error.what(), Catch::Contains("damaged"));
    }
    CHECK(noticed);
}

#include "store/open.hpp"
#include "store/sqlite/backup.hpp"
#include "store_suite/stores.hpp"
#include "store_suite/world.hpp"

#include <kontor/error.hpp>

#include <fstream>

using namespace kontor;
using namespace kontor::test;

namespace {

Code refusal(const std::function<void()>& work) {
    try {
        work();
    } catch (const Error& error) {
        return error.code();
    }
    FAIL("nothing was refused");
    return {};
}

}  // namespace

TEST_CASE("a SQLite store is copied while its owner goes on: the copy is whole, of one moment, and says that it is a copy") {
    const Folder folder;
    const std::string file = folder.path("loans.db"), copy = folder.path("copy.db");
    const auto store = store::open_store("sqlite:" + file);
    Writer writer{*store};
    const auto write = [&](int count) {
        for (int n = 0; n < count; ++n) {
            auto batch = writer.batch();
            writer.start(batch, 0, every_byte(20'000));
            writer.commit(batch);
        }
    };
    write(400);
    int looks = 0;
    std::uint64_t last = 0;
    store::back_up_sqlite(file, copy, [&](std::uint64_t pages, std::uint64_t of) {
        if (++looks == 1) write(50);   // in the middle of it
        CHECK(pages >= last);          // it does not begin again
        CHECK(pages <= of);
        last = pages;
    });
    CHECK(looks > 1);
    CHECK(require_whole(*store) == 450);
    CHECK_FALSE(std::filesystem::exists(copy + ".part"));
    CHECK_FALSE(std::filesystem::exists(copy + "-wal"));

    CHECK(require_whole(*store::open_store("sqlite:" + copy, {.access = store::Access::reader})) == 400);
    CHECK(refusal([&] { store::open_store("sqlite:" + copy); }) == Code::conflict);
    {
        const auto restored = store::open_store("sqlite:" + copy, {.restored = true});
        CHECK(require_whole(*restored) == 400);
        CHECK(restored->info().id == store->info().id);
    }
    CHECK(refusal([&] { store::open_store("sqlite:" + copy); }) == Code::conflict);
    store::open_store("sqlite:" + copy, {.restored = true})->accept_restored();
    CHECK(store::open_store("sqlite:" + copy)->integrity().empty());
}

TEST_CASE("a backup takes no file that is there, and of no store that is not") {
    const Folder folder;
    const std::string file = folder.path("loans.db"), there = folder.path("there.db");
    CHECK(refusal([&] { store::back_up_sqlite(file, there, {}); }) == Code::not_found);
    std::ofstream{there} << "mine";
    { const auto store = store::open_store("sqlite:" + file); }
    CHECK(refusal([&] { store::back_up_sqlite(file, there, {}); }) == Code::conflict);
    CHECK(refusal([&] { store::back_up_sqlite(there, folder.path("new.db"), {}); }) == Code::unavailable);
    CHECK(refusal([&] { store::back_up_sqlite(file, folder.path("no/folder/new.db"), {}); }) == Code::unavailable);
    std::ofstream{folder.path("again.db.part")} << "of an attempt that was cut off";
    store::back_up_sqlite(file, folder.path("again.db"), {});
    CHECK(require_whole(*store::open_store("sqlite:" + folder.path("again.db"), {.access = store::Access::reader})) == 0);
}

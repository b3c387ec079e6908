#include "store/sqlite/backup.hpp"

#include "store/sqlite/connection.hpp"
#include "store/sqlite/failure.hpp"
#include "store/sqlite/migrate.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

namespace kontor::store {

namespace {

namespace fs = std::filesystem;

constexpr int pages_at_once = 1'000;
constexpr std::chrono::milliseconds patience{5'000};
/// SQLite keeps a number for whoever uses a file. It is 0 in every store, and this in a copy that nobody has looked after yet.
constexpr std::string_view marked = "1";

sqlite_api::sqlite3* handle(soci::session& session) { return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_; }

/// The connection holds a snapshot all the time, so that commits meanwhile do not make the copy begin again.
void copy(soci::session& from, soci::session& to, const std::string& name, const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    from << "begin";
    int buckets = 0;
    from << "select count(*) from bucket", soci::into(buckets);
    sqlite_api::sqlite3_backup* backup = sqlite_api::sqlite3_backup_init(handle(to), "main", handle(from), "main");
    if (!backup) throw Error{Code::unavailable, name + ": " + sqlite_api::sqlite3_errmsg(handle(to))};
    int result = 0;
    do {
        result = sqlite_api::sqlite3_backup_step(backup, pages_at_once);
        const auto all = static_cast<std::uint64_t>(sqlite_api::sqlite3_backup_pagecount(backup));
        if (progress) progress(all - static_cast<std::uint64_t>(sqlite_api::sqlite3_backup_remaining(backup)), all);
    } while (result == SQLITE_OK);
    const int end = sqlite_api::sqlite3_backup_finish(backup);
    if (result != SQLITE_DONE || end != SQLITE_OK) throw Error{Code::unavailable, name + " could not be written: " + sqlite_api::sqlite3_errmsg(handle(to))};
    from << "commit";
}

/// A new name in a folder is durable when the folder is.
void make_name_durable(const fs::path& file) {
    const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path{"."};
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool done = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0) ::close(descriptor);
    if (!done) throw Error{Code::unavailable, "the folder of " + file.string() + " cannot be synced: the backup may not outlive a power cut"};
}

}  // namespace

void back_up_sqlite(const std::string& file, const std::string& to, const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    if (!fs::exists(file)) throw Error{Code::not_found, "sqlite:" + file + ": there is no such file"};
    if (fs::exists(to)) throw Error{Code::conflict, to + " exists already; a backup wants a name of its own"};
    const std::string part = to + ".part";
    try {
        fs::remove(part);   // of an attempt that was cut off
        Connection source{file, Connection::Role::reader, patience};
        (void)read_info(source, file);
        soci::session target{soci::sqlite3, "db=\"" + part + "\""};
        copy(source.session(), target, part, progress);
        std::string mode;
        target << "pragma journal_mode = delete", soci::into(mode);   // one file, without a log beside it
        if (mode != "delete") throw Error{Code::unavailable, part + ": SQLite leaves its log beside it (" + mode + ")"};
        target << "pragma user_version = " + std::string{marked};
        target.close();
        fs::rename(part, to);
        make_name_durable(to);
    } catch (const soci::soci_error& error) {
        std::error_code ignored;
        fs::remove(part, ignored);
        throw Error{Code::unavailable, explain(file, error)};
    } catch (const fs::filesystem_error& error) {
        throw Error{Code::unavailable, error.what()};
    }
}

void refuse_backup(Connection& connection, const std::string& file) {
    if (connection.text_of("pragma user_version") != marked) return;
    throw Error{Code::conflict, "sqlite:" + file + " is a backup: what was done after it was taken is not in it and would be done again. "
                                                   "`kontor store restored` makes it safe to go on"};
}

}  // namespace kontor::store

#include "store/sqlite/open_sqlite.hpp"

#include "store/shared/validity.hpp"
#include "store/sqlite/backup.hpp"
#include "store/sqlite/migrate.hpp"
#include "store/sqlite/sqlite_store.hpp"

#include <filesystem>

namespace kontor::store {

SqliteStore::SqliteStore(std::string file, const Options& options)
    : file_{std::move(file)},
      readers_{options.read_connections,
               [file = file_, timeout = options.busy_timeout] { return std::make_unique<Connection>(file, Connection::Role::reader, timeout); }} {
    if (options.access == Access::owner) {
        owner_.emplace(file_);
        writer_ = std::make_unique<Connection>(file_, Connection::Role::writer, options.busy_timeout);
        if (!options.restored) refuse_backup(*writer_, file_);
        info_ = migrate(*writer_, file_, options.buckets);
    } else {
        if (!std::filesystem::exists(file_)) throw Error{Code::not_found, "sqlite:" + file_ + ": there is no such file"};
        info_ = readers_.with([&](Connection& connection) { return read_info(connection, file_); });
    }
}

std::unique_ptr<ports::Store> open_sqlite(std::string_view file, const Options& options) {
    require_text("the name of the file", file);
    if (file.find('"') != std::string_view::npos) throw Error{Code::bad_input, "a store's file name may not hold a quotation mark"};
    // Two names of one file are one store, so the lock must stand beside the file itself.
    std::error_code failed;
    const auto real = std::filesystem::weakly_canonical(std::filesystem::path{file}, failed);
    std::string name = failed ? std::string{file} : real.string();
    try {
        return std::make_unique<SqliteStore>(name, options);
    } catch (const soci::soci_error& error) {
        throw Error{Code::unavailable, explain(name, error)};
    }
}

}  // namespace kontor::store

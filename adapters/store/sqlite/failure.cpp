#include "store/sqlite/failure.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

namespace kontor::store {

int result_of(const soci::soci_error& error) noexcept {
    const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
    return sqlite ? sqlite->result() : 0;
}

std::string explain(const std::string& file, const soci::soci_error& error) {
    const int result = result_of(error);
    std::string text = "sqlite:" + file + ": ";
    switch (result & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED: text += "another process holds SQLite's lock for too long; does a tool have a transaction open?"; break;
        case SQLITE_FULL: text += "the disk is full, or the file has reached its largest size; nothing is lost, make room"; break;
        case SQLITE_IOERR: text += "the disk failed"; break;
        case SQLITE_CORRUPT: text += "the file is damaged; keep a copy, then see what `kontor store check` says"; break;
        case SQLITE_NOTADB: text += "this is not an SQLite file"; break;
        case SQLITE_CANTOPEN: text += "cannot be opened; does its folder exist, and may this user write there?"; break;
        case SQLITE_READONLY:
        case SQLITE_PERM: text += "may only be read by this user"; break;
        default: break;
    }
    text += " (" + std::string{error.what()};
    if (result != 0) text += ", SQLite " + std::to_string(result);
    return text + ")";
}

ports::CommitResult classify(const std::string& file, const soci::soci_error& error, Stage stage) {
    std::string why = explain(file, error);
    switch (result_of(error) & 0xff) {
        case SQLITE_CONSTRAINT:
        case SQLITE_TOOBIG:
        case SQLITE_MISMATCH:
        case SQLITE_RANGE: return ports::CommitRefused{std::move(why)};
        // A page that finds no room is never followed by the commit mark, so these are certain at either stage.
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_FULL:
        case SQLITE_READONLY: return ports::CommitUnavailable{std::move(why)};
        default: break;
    }
    if (stage == Stage::committing) return ports::CommitUnknown{std::move(why)};
    return ports::CommitUnavailable{std::move(why)};
}

}  // namespace kontor::store

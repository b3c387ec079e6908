#pragma once
/// Copies of a store's file.
#include <cstdint>
#include <functional>
#include <string>

namespace kontor::store {

class Connection;

/// Copies a store as it is at one moment, beside an engine that goes on meanwhile; the copy is marked as one. Blocks.
/// Throws Error{not_found} if there is no store, Error{conflict} if `to` exists, Error{unavailable} if it cannot be written.
void back_up_sqlite(const std::string& file, const std::string& to, const std::function<void(std::uint64_t pages, std::uint64_t of)>& progress);

/// Throws Error{conflict} if the file is such a copy.
void refuse_backup(Connection&, const std::string& file);

}  // namespace kontor::store

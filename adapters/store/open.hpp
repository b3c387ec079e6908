#pragma once
/// A store by its URL.
#include "ports/store.hpp"
#include "store/options.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace kontor::store {

/// `sqlite:FILE`, `postgresql://user@host:port/db` or `memory:`. Creates the store if there is none (as owner), and brings an older schema up to date.
/// Throws Error{bad_input} for a URL that names no store of this program, Error{conflict} if another process owns the store or a newer
/// version has written it, Error{not_found} if a reader finds none, Error{unavailable} if it cannot be opened. Blocks.
std::unique_ptr<ports::Store> open_store(std::string_view url, const Options& options = {});

/// The URL as it may be shown and logged: without a password.
std::string shown(std::string_view url);

}  // namespace kontor::store

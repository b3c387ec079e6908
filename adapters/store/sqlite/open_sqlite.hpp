#pragma once
/// The store in one SQLite file. Errors as open_store() says.
#include "ports/store.hpp"
#include "store/options.hpp"

#include <memory>
#include <string_view>

namespace kontor::store {

std::unique_ptr<ports::Store> open_sqlite(std::string_view file, const Options&);

}  // namespace kontor::store

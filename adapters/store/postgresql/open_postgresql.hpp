#pragma once
/// The store in a PostgreSQL database. Errors as open_store() says.
#include "ports/store.hpp"
#include "store/options.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace kontor::store {

/// `host=... dbname=...` or `postgresql://user@host:port/db`.
std::unique_ptr<ports::Store> open_postgresql(std::string_view connection, const Options&);

/// A schema of its own in a database, gone with this object: for measurements and tests, beside whatever else is there.
class ScratchSchema {
public:
    /// Throws Error{unavailable} if the database cannot be reached, or the user may not make a schema there.
    explicit ScratchSchema(std::string_view connection);
    ~ScratchSchema();
    ScratchSchema(const ScratchSchema&) = delete;
    ScratchSchema& operator=(const ScratchSchema&) = delete;
    /// What open_postgresql() takes.
    [[nodiscard]] const std::string& connection() const noexcept { return inside_; }

private:
    std::string outside_;
    std::string schema_;
    std::string inside_;
};

}  // namespace kontor::store

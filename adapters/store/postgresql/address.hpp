#pragma once
/// Where a PostgreSQL database is.
#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace kontor::store::postgresql {

/// Read from `host=... dbname=...` or from `postgresql://user@host:port/db`; what is not said comes from libpq's environment (PGHOST, PGPASSWORD,
/// PGPASSFILE, ...). Of several hosts (`postgresql://user@one:5432,two:5432/db`) the primary is meant, unless target_session_attrs says something
/// else. A value type.
class Address {
public:
    /// Throws Error{bad_input} that shows nothing of the text: it may hold a password.
    explicit Address(std::string_view connection);

    /// For messages: `postgresql://user@host:port/db`, never a password.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] bool has_several_hosts() const;
    /// For libpq, with a bound on the time that connecting may take.
    [[nodiscard]] std::string connection(std::chrono::milliseconds timeout) const;
    /// The same database, with the tables in another schema.
    [[nodiscard]] Address in_schema(std::string_view schema) const;
    /// The same, with connections that can be told from all others by their application_name.
    [[nodiscard]] Address for_session(std::string_view id) const;
    /// That name; empty if there is none.
    [[nodiscard]] std::string session() const { return word("application_name"); }

private:
    Address() = default;
    [[nodiscard]] std::string word(const std::string& name) const;
    [[nodiscard]] std::string hosts() const;

    std::map<std::string, std::string> words_;
    std::string name_;
};

}  // namespace kontor::store::postgresql

#pragma once
/// A store that is made for one measurement and is gone after it: a file, or a schema in a PostgreSQL database.
#include "bench/cost.hpp"
#include "store/postgresql/open_postgresql.hpp"

#include <optional>
#include <string>

namespace kontor::cli::bench {

class Scratch {
public:
    /// Throws UsageError if there is a file of that name.
    explicit Scratch(const std::string& url);
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] const Store& place() const noexcept { return place_; }
    /// Empty if it is none.
    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    /// How many commits at once serve it best.
    [[nodiscard]] std::uint32_t connections() const noexcept { return schema_ ? 2 : 1; }
    /// What the database uses; empty in memory.
    [[nodiscard]] kontor::bench::DatabaseMeter meter() const;

private:
    std::string url_;
    std::string file_;
    std::optional<store::ScratchSchema> schema_;
    Store place_;
};

}  // namespace kontor::cli::bench

#pragma once
/// A prepared statement with cells for what goes in and what comes out. Private to sqlite/: includes SOCI.
#include "store/shared/argument.hpp"

#include <soci/soci.h>

#include <span>
#include <string>
#include <vector>

namespace kontor::store {

/// One thread at a time. SOCI binds addresses, so a statement stays where it was made.
class Statement final : public Cells {
public:
    Statement(soci::session&, const std::string& sql, std::span<const Kind> parameters, std::span<const Kind> results);
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    [[nodiscard]] Cell& parameter(std::size_t n) { return parameters_[n].cell; }
    [[nodiscard]] const Cell& operator[](std::size_t n) const override { return results_[n].cell; }

    /// Runs a statement that gives no rows; returns how many rows it changed.
    long long write();
    /// Begins a query. Fetch until false: only then does SQLite let go of the snapshot that is read.
    void start();
    bool fetch();

private:
    struct Bound {
        Kind kind;
        Cell cell;
        soci::indicator indicator = soci::i_ok;
    };
    void bind_parameters();

    std::vector<Bound> parameters_;
    std::vector<Bound> results_;
    soci::statement statement_;
};

}  // namespace kontor::store

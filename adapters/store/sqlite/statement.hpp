#pragma once
/// A prepared statement with cells for what goes in and what comes out. Private to sqlite/: includes SOCI.
#include "store/shared/cell.hpp"

#include <soci/soci.h>

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::store {

/// A parameter of a statement that is written by hand.
class Argument {
public:
    Argument(std::integral auto number) : kind_{Kind::number} { put(cell_, number); }
    template <class Tag>
    Argument(Key<Tag> key) : kind_{Kind::number} { put(cell_, key); }
    Argument(Instant at) : kind_{Kind::number} { put(cell_, at); }
    Argument(core::Position at) : kind_{Kind::number} { put(cell_, at); }
    Argument(lifecycle::Instance phase) : kind_{Kind::text} { put(cell_, phase); }
    /// In SQL: cast(:name as blob).
    Argument(const journal::Link& link) : kind_{Kind::bytes} { put(cell_, link); }
    Argument(std::string_view text) : kind_{Kind::text} { cell_.text = text; }
    Argument(const std::string& text) : Argument{std::string_view{text}} {}

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] const Cell& cell() const noexcept { return cell_; }

private:
    Kind kind_;
    Cell cell_;
};

/// One thread at a time. SOCI binds addresses, so a statement stays where it was made.
class Statement {
public:
    Statement(soci::session&, const std::string& sql, std::span<const Kind> parameters, std::span<const Kind> results);
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    [[nodiscard]] Cell& parameter(std::size_t n) { return parameters_[n].cell; }
    [[nodiscard]] const Cell& result(std::size_t n) const { return results_[n].cell; }

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

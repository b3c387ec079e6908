#include "store/sqlite/statement.hpp"

namespace kontor::store {

Statement::Statement(soci::session& session, const std::string& sql, std::span<const Kind> parameters, std::span<const Kind> results)
    : statement_{session} {
    for (const Kind kind : parameters) parameters_.push_back({.kind = kind, .cell = {}});
    for (const Kind kind : results) results_.push_back({.kind = kind, .cell = {}});
    for (Bound& bound : parameters_) {
        if (bound.kind == Kind::number) {
            statement_.exchange(soci::use(bound.cell.number, bound.indicator));
        } else {
            statement_.exchange(soci::use(bound.cell.text, bound.indicator));
        }
    }
    for (Bound& bound : results_) {
        if (bound.kind == Kind::number) {
            statement_.exchange(soci::into(bound.cell.number, bound.indicator));
        } else {
            statement_.exchange(soci::into(bound.cell.text, bound.indicator));
        }
    }
    statement_.alloc();
    statement_.prepare(sql);
    statement_.define_and_bind();
}

void Statement::bind_parameters() {
    for (Bound& bound : parameters_) bound.indicator = bound.cell.null ? soci::i_null : soci::i_ok;
}

long long Statement::write() {
    bind_parameters();
    statement_.execute(true);
    return statement_.get_affected_rows();
}

void Statement::start() {
    bind_parameters();
    statement_.execute(false);
}

bool Statement::fetch() {
    if (!statement_.fetch()) return false;
    for (Bound& bound : results_) bound.cell.null = bound.indicator == soci::i_null;
    return true;
}

}  // namespace kontor::store

#include "store/postgresql/failure.hpp"

#include "store/postgresql/sqlstate.hpp"

namespace kontor::store::postgresql {

std::string explain(const std::string& name, const Failure& failure) {
    std::string text = name + ": ";
    if (const auto advice = advice_for(failure.sqlstate()); !advice.empty()) {
        text += advice;
    } else if (failure.lost()) {
        text += "the connection broke; it is made again as soon as the server answers";
    } else {
        text += "PostgreSQL refused a statement";
    }
    text += " (" + std::string{failure.what()};
    if (!failure.sqlstate().empty()) text += ", SQLSTATE " + failure.sqlstate();
    return text + ")";
}

Error error_of(const std::string& name, const Failure& failure) {
    Code code = Code::unavailable;
    if (!failure.lost() && blame_of(failure.sqlstate()) == Blame::statement) code = Code::bad_input;
    if (failure.sqlstate() == sqlstate::duplicate_table) code = Code::conflict;
    return {code, explain(name, failure)};
}

ports::CommitResult classify(const std::string& name, const Failure& failure) {
    std::string why = explain(name, failure);
    if (failure.lost()) return ports::CommitUnknown{std::move(why)};
    if (blame_of(failure.sqlstate()) == Blame::statement) return ports::CommitRefused{std::move(why)};
    return ports::CommitUnavailable{std::move(why)};
}

}  // namespace kontor::store::postgresql

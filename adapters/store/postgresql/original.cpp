#include "store/postgresql/original.hpp"

namespace kontor::store::postgresql {

namespace {

std::string signature(Connection& connection) {
    return "Kontor made this store as table " + connection.texts("select cast(cast('store'::regclass as oid) as text)").at(0);
}

std::string comment_of(Connection& connection) {
    return connection.texts("select coalesce(obj_description('store'::regclass, 'pg_class'), '')").at(0);
}

constexpr std::string_view missing = "Commits that Kontor has confirmed are missing here";

}  // namespace

void sign(Connection& connection) { connection.run("comment on table store is '" + signature(connection) + "'"); }

void refuse_restored(Connection& connection, const std::string& name) {
    const std::string comment = comment_of(connection);
    if (comment == missing) throw Error{Code::conflict, commits_are_missing(name)};
    if (comment.empty()) return sign(connection);
    if (comment == signature(connection)) return;
    throw Error{Code::conflict, name + " was loaded from a dump: what was done after the dump was taken is not in it and would be done again. "
                                       "`kontor store restored` makes it safe to go on"};
}

void say_that_commits_are_missing(Connection& connection) { connection.run("comment on table store is '" + std::string{missing} + "'"); }
bool says_that_commits_are_missing(Connection& connection) { return comment_of(connection) == missing; }

std::string commits_are_missing(const std::string& name) {
    return name + " does not hold commits that were confirmed: a standby has taken over that did not have them all, or the database was "
                  "restored. What they did would be done again, under keys that mean something else by now. Go back to a server that has them, "
                  "or stop all engines and run `kontor store restored`";
}

}  // namespace kontor::store::postgresql

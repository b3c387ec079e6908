#include "store/postgresql/original.hpp"

namespace kontor::store::postgresql {

namespace {

std::string signature(Connection& connection) {
    return "Kontor made this store as table " + connection.texts("select cast(cast('store'::regclass as oid) as text)").at(0);
}

}  // namespace

void sign(Connection& connection) { connection.run("comment on table store is '" + signature(connection) + "'"); }

void refuse_restored(Connection& connection, const std::string& name) {
    const std::string comment = connection.texts("select coalesce(obj_description('store'::regclass, 'pg_class'), '')").at(0);
    if (comment.empty()) return sign(connection);
    if (comment == signature(connection)) return;
    throw Error{Code::conflict, name + " was loaded from a dump: what was done after the dump was taken is not in it and would be done again. "
                                       "`kontor store restored` makes it safe to go on"};
}

}  // namespace kontor::store::postgresql

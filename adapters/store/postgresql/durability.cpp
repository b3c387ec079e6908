#include "store/postgresql/durability.hpp"

#include "store/postgresql/connection.hpp"

namespace kontor::store::postgresql {

namespace {

constexpr int oldest = 150'000;

}  // namespace

void require_primary(Connection& connection, const std::string& name) {
    if (connection.texts("select pg_is_in_recovery()").at(0) == "f") return;
    throw Error{Code::unavailable, name + ": this server is a standby and can only be read; connect to the primary, which an address with several "
                                          "hosts and target_session_attrs=read-write finds"};
}

void require_durable(Connection& connection, const std::string& name) {
    const auto refuse = [&](const std::string& why) { throw Error{Code::unavailable, name + ": " + why}; };
    // What waits for a standby as well may stay.
    connection.run("do $$ begin if current_setting('synchronous_commit') in ('off', 'local') then set synchronous_commit = on; end if; end $$");
    const auto shown = connection.texts(
        "select current_setting('synchronous_commit'), current_setting('fsync'), current_setting('full_page_writes'), "
        "current_setting('server_encoding'), current_setting('server_version_num'), version()");
    if (std::stoi(shown.at(4)) < oldest) refuse("Kontor needs PostgreSQL 15 or later, this is " + shown[5]);
    if (shown[3] != "UTF8") {
        refuse("the database's encoding is " + shown[3] + "; Kontor needs one made with: create database ... encoding 'UTF8' template template0");
    }
    if (shown[1] != "on") refuse("the server would lose commits in a crash: fsync is " + shown[1] + "; set fsync = on in postgresql.conf and reload");
    if (shown[2] != "on") {
        refuse("the server can be damaged by a crash: full_page_writes is " + shown[2] + "; set full_page_writes = on in postgresql.conf and reload");
    }
    if (shown[0] == "off" || shown[0] == "local") refuse("the server would lose commits in a crash: synchronous_commit stays " + shown[0]);
}

std::vector<std::string> warnings_about(Connection& connection, const std::string& name) {
    // Who is not allowed to see more sees at least that somebody streams.
    const auto found = connection.texts("select current_setting('synchronous_standby_names') = '' and exists (select 1 from pg_stat_replication)");
    if (found.at(0) != "t") return {};
    return {name + ": another server streams from this one, and commits do not wait for it (synchronous_standby_names is empty). "
                   "Should it take over, commits that were confirmed may be missing; name it there if it is a standby that takes over"};
}

}  // namespace kontor::store::postgresql

#include "store/shared/schema.hpp"

#include <array>
#include <utility>

namespace kontor::store {

namespace {

/// Which of them are the truth, and which follow from the journal: docs/reference/store.md.
constexpr std::array version_1{
    // One row: what the store is. `settled` changes when an unknown commit is made final.
    "create table store (only_row {key} check (only_row = 1), id {text} not null, buckets {int} not null, feature_level {int} not null, "
    "settled {int} not null)",

    // The fence: every commit moves the rows of its buckets.
    "create table bucket (id {key}, epoch {int} not null, next_sequence {int} not null, batch {int} not null, node {text} not null)",

    // `position` is bucket and sequence in one number. Rows of an instance are linked backwards by `previous`, from instance.last on.
    "create table journal (position {position}, instance {int} not null, period {int} not null, previous {int} not null, "
    "bytes {bytes} not null, link {bytes} not null{by_period}",

    "create table instance (key {key}, period {int} not null, process {text} not null, definition {text} not null, "
    "business_key {text} not null, phase {text} not null, active {int} not null, has_incident {int} not null, started {int} not null, "
    "changed {int} not null, row_count {int} not null, last {int} not null, head {bytes} not null, dropped {int} not null)",
    "create index instance_active on instance (key) where active = 1",
    "create index instance_has_incident on instance (key) where has_incident = 1",
    "create index instance_process on instance ({find process}, key)",
    "create index instance_business_key on instance ({find business_key}, key) where business_key <> ''",

    "create table snapshot (instance {key}, position {int} not null, bytes {bytes} not null)",

    "create table timer (key {key}, bucket {int} not null, instance {int} not null, is_job {int} not null, due {int} not null)",
    "create index timer_due on timer (bucket, due, key)",

    "create table subscription (key {key}, instance {int} not null, message {text} not null, correlation_key {text} not null)",
    "create index subscription_message on subscription ({find message}, {find correlation_key}, key)",

    "create table task (key {key}, instance {int} not null, process {text} not null, element {text} not null, assignee {text} not null, "
    "candidate_groups {text} not null, candidate_users {text} not null, created {int} not null, due {int})",
    "create index task_instance on task (instance, key)",
    "create index task_assignee on task ({find assignee}, key) where assignee <> ''",
    // The lists of candidates once more, to be found by them.
    "create table task_candidate (task {int} not null, kind {text} not null, name {text} not null"
    "{unique , primary key (task, kind, name)}) {clustered}",
    "create index task_candidate_name on task_candidate (kind, {find name}, task)",

    "create table incident (key {key}, instance {int} not null, process {text} not null, element {text} not null, kind {text} not null, "
    "message {text} not null, raised {int} not null)",
    "create index incident_instance on incident (instance, key)",
    "create index incident_process on incident ({find process}, key)",

    "create table inbox (arrival {serial}, bucket {int} not null, id {text} not null, command {bytes} not null, sent {int} not null"
    "{unique , unique (bucket, id)})",
    "create index inbox_arrival on inbox (bucket, arrival)",

    "create table message (bucket {int} not null, name {text} not null, correlation_key {text} not null, id {text} not null, "
    "payload {bytes} not null, published {int} not null, until {int} not null, taken {int} not null"
    "{unique , primary key (bucket, name, correlation_key, id)})",
    "create index message_until on message (until)",

    "create table request (id {text}{unique  primary key}, body_hash {bytes} not null, answer {bytes} not null, answered {int} not null)",
    "create index request_answered on request (answered)",

    "create table deployment (id {text}{unique  primary key}, process {text} not null, version {int} not null, version_tag {text} not null, "
    "hash {text} not null, sources {text} not null, elements {text} not null, deployed {int} not null)",
};

/// Several nodes on one store. Times are milliseconds by the database's clock: `until` of the lease, `server`, when the server at which it was
/// renewed had started, `since`, when the node first renewed there, `missed`, since when it has no connection (0: it has). `session` is what its
/// connections are called.
constexpr std::array version_2{
    "create table node (id {text}{unique  primary key}, guest {int} not null, until {int} not null, lease {int} not null, "
    "session {text} not null, server {int} not null, since {int} not null, missed {int} not null)",
    "create table reply (node {text} not null, id {text} not null, answer {bytes} not null, sent {int} not null{unique , primary key (node, id)})",
    "create index reply_sent on reply (sent)",
    "create unique index deployment_version on deployment ({find process}, version)",
};

void replace_all(std::string& sql, std::string_view word, std::string_view meaning) {
    for (auto at = sql.find(word); at != std::string::npos; at = sql.find(word, at + meaning.size())) sql.replace(at, word.size(), meaning);
}

/// `{word RANGE}` becomes before + RANGE + after, or nothing.
void replace_ranges(std::string& sql, std::string_view word, const Around& around) {
    const std::string begin = "{" + std::string{word} + " ";
    for (auto at = sql.find(begin); at != std::string::npos; at = sql.find(begin, at)) {
        const auto end = sql.find('}', at);
        const std::string range = sql.substr(at + begin.size(), end - at - begin.size());
        const std::string meaning = std::string{around.before} + range + std::string{around.after};
        sql.replace(at, end + 1 - at, around.drop ? std::string{} : meaning);
    }
}

std::string in_dialect(std::string sql, const Dialect& dialect) {
    replace_ranges(sql, "find", dialect.find);
    replace_ranges(sql, "unique", dialect.unique);
    for (const auto& [word, meaning] :
         {std::pair{"{int}", dialect.integer}, {"{text}", dialect.text}, {"{bytes}", dialect.bytes}, {"{key}", dialect.key},
          {"{serial}", dialect.serial}, {"{clustered}", dialect.clustered}, {"{position}", dialect.position}, {"{by_period}", dialect.by_period}}) {
        replace_all(sql, word, meaning);
    }
    return sql;
}

template <class Statements>
Migration migration(std::int32_t version, const Statements& statements, const Dialect& dialect) {
    Migration made{.version = version, .statements = {}};
    for (const char* statement : statements) made.statements.push_back(in_dialect(statement, dialect));
    return made;
}

}  // namespace

std::vector<Migration> migrations(const Dialect& dialect) { return {migration(1, version_1, dialect), migration(2, version_2, dialect)}; }

}  // namespace kontor::store

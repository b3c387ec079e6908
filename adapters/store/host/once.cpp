#include "store/host/host_session.hpp"
#include "store/sqlite/statement.hpp"
#include "value/codec.hpp"

#include <kontor/soci.hpp>

#include <array>
#include <chrono>

namespace kontor {
namespace {

using store::Kind;
using store::Statement;

/// The row is written before the work is done: whoever comes second waits for the first one's end, then finds its result.
bool is_first(soci::session& sql, const std::string& key) {
    sql << "create table if not exists kontor_once (key text primary key, result blob, at integer not null)";
    Statement insert{sql, "insert into kontor_once (key, at) values (:key, :at) on conflict (key) do nothing", std::array{Kind::text, Kind::number}, {}};
    insert.parameter(0).text = key;
    store::put(insert.parameter(1), std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));
    return insert.write() == 1;
}

void remember(soci::session& sql, const std::string& key, const Variables& result) {
    Statement update{sql, "update kontor_once set result = cast(:result as blob) where key = :key", std::array{Kind::bytes, Kind::text}, {}};
    codec::encode(Value{result}, update.parameter(0).text);
    update.parameter(1).text = key;
    update.write();
}

Variables remembered(soci::session& sql, const std::string& key) {
    Statement select{sql, "select result from kontor_once where key = :key", std::array{Kind::text}, std::array{Kind::bytes}};
    select.parameter(0).text = key;
    select.start();
    std::string bytes;
    while (select.fetch()) bytes = select[0].text;
    std::string_view in = bytes;
    return codec::decode(in).as<Variables>();
}

}  // namespace

Variables once(soci::session& sql, std::string_view key, const std::function<Variables()>& work) {
    const std::string name{key};
    if (name.empty()) throw Error{Code::bad_input, "once() needs a key: call.idempotency_key()"};
    bool first = false;
    Variables result;
    store::on_host_session(sql, [&] {
        if (!store::in_transaction(sql)) throw Error{Code::bad_input, "once() belongs in a transaction of the host: soci::transaction"};
        first = is_first(sql, name);
        if (!first) result = remembered(sql, name);
    });
    if (!first) return result;
    result = work();   // what it throws is the host's own
    store::on_host_session(sql, [&] { remember(sql, name, result); });
    return result;
}

}  // namespace kontor

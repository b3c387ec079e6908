#include "store/host/host_session.hpp"
#include "store/shared/validity.hpp"
#include "value/codec.hpp"

#include <kontor/soci.hpp>

#include <chrono>

namespace kontor {
namespace {

Variables remembered(store::HostSession& session, const std::string& key) {
    const auto bytes = session.remembered(key);
    if (!bytes) throw Error{Code::unavailable, "kontor_once has no result for this key: its row was just removed, or the work ended its transaction"};
    std::string_view in = *bytes;
    return codec::decode(in).as<Variables>();
}

}  // namespace

Variables once(soci::session& sql, std::string_view key, const std::function<Variables()>& work) {
    const std::string name{key};
    if (name.empty()) throw Error{Code::bad_input, "once() needs a key: call.idempotency_key()"};
    store::require_text("the key of once()", name);
    const auto session = store::host_session(sql);
    session->require_transaction();
    // The row is written before the work is done: whoever comes second waits for the first one's end, then finds its result.
    if (!session->claim(name, std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()))) return remembered(*session, name);
    Variables result = work();   // what it throws is the host's own
    session->require_transaction();
    std::string bytes;
    codec::encode(Value{result}, bytes);
    session->remember(name, bytes);
    return result;
}

}  // namespace kontor

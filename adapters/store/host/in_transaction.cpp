// What the host records for the engine in a transaction of its own.
#include "core/keys.hpp"
#include "runtime/bucket/message_desk.hpp"
#include "runtime/bucket/shell.hpp"
#include "runtime/mail/inbox.hpp"
#include "store/host/host_session.hpp"
#include "store/shared/validity.hpp"

#include <kontor/soci.hpp>

#include <chrono>

namespace kontor {
namespace {

using namespace runtime;

using store::most_buckets;

void record(soci::session& sql, std::uint32_t bucket, const std::string& id, const InboxCommand& command) {
    store::require_text("the id", id);
    store::host_session(sql)->record({.bucket = bucket,
                                      .id = id,
                                      .command = encode(command),
                                      .sent = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now())});
}

template <class AnyKey>
std::uint32_t bucket_of_key(AnyKey key, std::string_view what) {
    if (!key) throw Error{Code::bad_input, "the key of no " + std::string{what}};
    return core::created_at(key).bucket;
}

}  // namespace

std::string InTransaction::start(StartRequest request) {
    if (request.process.empty()) throw Error{Code::bad_input, "a start needs a process"};
    if (request.request_id.empty()) request.request_id = "host-" + store::new_store_id();
    const std::string id = request.request_id;
    record(sql_, bucket_of(id, most_buckets), "host/start/" + id, HostStart{std::move(request)});
    return id;
}

void InTransaction::publish(Message message) {
    require_deliverable(message);
    const auto bucket = message_bucket(message.name, message.correlation_key, most_buckets);
    // With an id the same message is recorded once; the desk refuses it if it was recorded and taken before.
    const std::string prefix = "host/publish/";
    const std::string id = message.message_id.empty() ? prefix + store::new_store_id()
                                                      : message_row(prefix, message.name, message.correlation_key, message.message_id);
    record(sql_, bucket, id, HostPublish{std::move(message)});
}

void InTransaction::complete(TaskKey key, CompleteTask task) {
    record(sql_, bucket_of_key(key, "user task"), "host/task/" + store::new_store_id(), HostCompleteTask{key, std::move(task)});
}

void InTransaction::complete(JobKey key, Variables result) {
    record(sql_, bucket_of_key(key, "job"), "host/job/" + store::new_store_id(), HostCompleteJob{key, std::move(result)});
}

}  // namespace kontor

#include "runtime/bucket/requests.hpp"

#include "journal/digest.hpp"
#include "runtime/bucket/shell.hpp"
#include "value/codec.hpp"

#include <algorithm>

namespace kontor::runtime {
namespace {

/// Members of a context have no order: whoever sends the same again may write them in another one.
Value in_order(const Value& value) {
    if (const List* list = value.if_list()) {
        std::vector<Value> items;
        for (const Value& item : *list) items.push_back(in_order(item));
        return List{std::move(items)};
    }
    const Variables* context = value.if_context();
    if (!context) return value;
    std::vector<Variables::Entry> entries;
    for (const auto& [name, member] : *context) entries.push_back({name, in_order(member)});
    std::ranges::sort(entries, {}, &Variables::Entry::name);
    return Variables{std::move(entries)};
}

}  // namespace

core::Actor actor_of(Actor actor) { return {std::move(actor.user), std::move(actor.groups)}; }

Error error_of(const core::Rejection& rejection) { return {rejection.code, rejection.message}; }

std::optional<ports::RequestRow> request_row(std::string id, const Value& body) {
    if (id.empty()) return std::nullopt;
    std::string bytes;
    codec::encode(in_order(body), bytes);
    return ports::RequestRow{std::move(id), journal::hex(journal::sha256({bytes})), {}, {}};
}

core::Command complete_task(TaskKey key, CompleteTask task) {
    return core::CompleteTask{core::element_of(key), std::move(task.output), actor_of(std::move(task.by))};
}

std::optional<ports::RequestRow> completion_row(TaskKey key, const CompleteTask& task) {
    return request_row(task.request_id, Variables{{"complete", key.value}, {"output", task.output}, {"user", task.by.user}});
}

std::optional<std::uint32_t> bucket_of_start(const StartRequest& request, std::uint32_t buckets) {
    if (!request.request_id.empty()) return bucket_of(request.request_id, buckets);
    if (!request.business_key.empty()) return bucket_of(request.business_key, buckets);
    return std::nullopt;
}

Result<Order> start_order(const Definitions& definitions, StartRequest r) {
    const VersionRef version = definitions.find(r.process, r.version, r.version_tag);
    if (!version) {
        std::string what = "process " + r.process;
        if (r.version) what += " version " + std::to_string(r.version);
        if (!r.version_tag.empty()) what += " with version tag " + r.version_tag;
        return Error{Code::not_found, what + " is not deployed"};
    }
    Order order;
    order.version = version;
    order.request = request_row(r.request_id, Variables{{"process", r.process},
                                                        {"version", r.version},
                                                        {"versionTag", r.version_tag},
                                                        {"businessKey", r.business_key},
                                                        {"variables", r.variables},
                                                        {"user", r.by.user}});
    order.command = core::StartInstance{version->id, std::move(r.business_key), std::move(r.variables), actor_of(std::move(r.by)), {}, {}};
    return order;
}

}  // namespace kontor::runtime

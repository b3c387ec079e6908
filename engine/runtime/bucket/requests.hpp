#pragma once
/// Requests of the public API as orders for a bucket.
#include "runtime/mail/order.hpp"

#include <kontor/engine.hpp>

namespace kontor::runtime {

/// Error{not_found} for a process or version that is not deployed.
Result<Order> start_order(const Definitions&, StartRequest);
/// The bucket that a start belongs to; nothing if any will do.
std::optional<std::uint32_t> bucket_of_start(const StartRequest&, std::uint32_t buckets);

/// The same command and the same remembered request, whichever way a completion comes.
core::Command complete_task(TaskKey, CompleteTask);
std::optional<ports::RequestRow> completion_row(TaskKey, const CompleteTask&);

core::Actor actor_of(Actor);
Error error_of(const core::Rejection&);
/// A request with an id, as it is remembered. `body` tells one content from another.
std::optional<ports::RequestRow> request_row(std::string id, const Value& body);

}  // namespace kontor::runtime

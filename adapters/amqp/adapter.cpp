#include "amqp/adapter.hpp"

namespace kontor::amqp_client {

namespace {

using Steady = std::chrono::steady_clock;

Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

}  // namespace

std::shared_ptr<Client> AmqpAdapter::client() const {
    const std::scoped_lock lock{mutex_};
    return client_;
}

void AmqpAdapter::start(Inbound& inbound) {
    const std::scoped_lock lock{mutex_};
    if (!client_) client_ = std::make_shared<Client>(settings_, inbound);
}

void AmqpAdapter::invoke(ServiceCall call, Reply reply) {
    const auto here = client();
    if (!here) return reply.fail("the AMQP adapter does not run");
    if (call.deadline() != Instant{} && call.deadline() <= now()) return reply.fail("the deadline had passed before the call was made");
    try {
        here->send({.job = call.job(), .request = call_request(settings_, call), .reply = reply, .give_up = Steady::now() + settings_.options.wait_for_broker});
    } catch (const std::exception& error) {
        reply.fail(Permanent{error.what()});   // only names are looked at there
    }
}

void AmqpAdapter::query(ServiceCall call, Reply reply) {
    const auto here = client();
    if (!here) return reply.unknown("the AMQP adapter does not run");
    if (settings_.options.query_routing_key.empty()) return reply.unknown("amqp() has no query_routing_key: " + settings_.origin() + " cannot be asked");
    try {
        // What lost the call mostly still is in the way of the question: it waits for the broker until the engine's deadline.
        here->send({.job = call.job(), .is_query = true, .request = query_request(settings_, call), .reply = reply, .give_up = SteadyTime::max()});
    } catch (const std::exception& error) {
        reply.unknown(error.what());
    }
}

void AmqpAdapter::cancel(JobKey job) {
    if (const auto here = client()) here->cancel(job);
}

std::size_t AmqpAdapter::unconfirmed() const {
    const auto here = client();
    return here ? here->unconfirmed() : 0;
}

void AmqpAdapter::stop(Instant deadline) {
    const auto here = client();
    if (!here) return;
    here->stop(deadline);
    const std::scoped_lock lock{mutex_};
    if (client_ == here) client_.reset();
}

}  // namespace kontor::amqp_client

namespace kontor {

std::shared_ptr<Adapter> amqp(AmqpOptions options) {
    return std::make_shared<amqp_client::AmqpAdapter>(amqp_client::checked(std::move(options)));
}

}  // namespace kontor

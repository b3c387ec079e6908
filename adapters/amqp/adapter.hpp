#pragma once
/// The adapter: a call becomes a message.
#include "amqp/client.hpp"

#include <memory>
#include <mutex>

namespace kontor::amqp_client {

class AmqpAdapter final : public Adapter {
public:
    explicit AmqpAdapter(Settings settings) : settings_{std::move(settings)} {}

    /// More than once is once: an adapter may be bound to several services.
    void start(Inbound& inbound) override;
    void invoke(ServiceCall call, Reply reply) override;
    void query(ServiceCall call, Reply reply) override;
    void cancel(JobKey job) override;
    void stop(Instant deadline) override;
    /// How many calls the broker is not known to have. For tests.
    [[nodiscard]] std::size_t unconfirmed() const;

private:
    [[nodiscard]] std::shared_ptr<Client> client() const;

    const Settings settings_;
    mutable std::mutex mutex_;
    std::shared_ptr<Client> client_;
};

}  // namespace kontor::amqp_client

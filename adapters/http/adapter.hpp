#pragma once
/// The adapter: a call becomes a request, what ends the exchange becomes an outcome.
#include "http/client.hpp"

#include <memory>
#include <mutex>

namespace kontor::http_client {

class HttpAdapter final : public Adapter {
public:
    HttpAdapter(Settings settings, std::unique_ptr<StreamFactory> streams);

    /// More than once is once: an adapter may be bound to several services.
    void start(Inbound& inbound) override;
    void invoke(ServiceCall call, Reply reply) override;
    void query(ServiceCall call, Reply reply) override;
    void cancel(JobKey job) override;
    void stop(Instant deadline) override;

private:
    struct Running {
        std::shared_ptr<Client> client{};
        Inbound* inbound = nullptr;
    };
    struct Query;
    [[nodiscard]] Running running() const;
    void ask(Client& client, Inbound& inbound, Query query);

    const Settings settings_;
    const std::unique_ptr<StreamFactory> streams_;
    mutable std::mutex mutex_;
    Running running_;
};

}  // namespace kontor::http_client

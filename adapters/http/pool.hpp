#pragma once
/// Connections to one host: how many at once, and which can be used again.
#include "http/stream.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <memory>

namespace kontor::http_client {

/// Belongs to the thread of its io_context.
class Pool {
public:
    /// Who wants a connection.
    class Customer {
    public:
        virtual ~Customer() = default;
        /// An open connection that waits for a request, or null: the right to open one. give_back() ends either.
        virtual void served(std::unique_ptr<Stream> idle) = 0;
    };

    Pool(boost::asio::io_context& io, std::size_t limit, Duration idle_timeout);

    /// Serves the customer at once or when it is his turn. He must live until then, or leave().
    void want(Customer& customer);
    void leave(Customer& customer);
    /// Ends the use of a connection. `reusable`: one whose last answer is complete, or null.
    void give_back(std::unique_ptr<Stream> reusable);
    /// Forgets all connections that wait, and keeps none from now on.
    void close();

    [[nodiscard]] std::size_t idle() const noexcept { return idle_.size(); }

private:
    struct Idle {
        std::unique_ptr<Stream> stream;
        std::chrono::steady_clock::time_point until;
    };
    std::unique_ptr<Stream> take_idle();
    void sweep();

    boost::asio::steady_timer sweeper_;
    std::size_t limit_;
    Duration idle_timeout_;
    std::size_t in_use_ = 0;
    std::deque<Idle> idle_{};            ///< the one used last stands last
    std::deque<Customer*> waiting_{};
};

}  // namespace kontor::http_client

#pragma once
/// The addresses of one host.
#include "http/stream.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace kontor::http_client {

/// Asks the name service without blocking: once for all who ask meanwhile, and again when the answer is some seconds old. An IP address
/// is its own answer. Belongs to the thread of its io_context.
class Addresses {
public:
    using Found = std::function<void(error_code, const Endpoints&)>;

    Addresses(boost::asio::io_context& io, std::string host, std::string port);
    /// `found` is called at once if the addresses are known.
    void find(Found found);

private:
    void ask();
    void answer(error_code error, Endpoints endpoints);

    boost::asio::ip::tcp::resolver resolver_;
    std::string host_;
    std::string port_;
    Endpoints known_{};
    std::chrono::steady_clock::time_point known_until_{};
    std::vector<Found> waiting_{};
};

}  // namespace kontor::http_client

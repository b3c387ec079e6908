#include "http/addresses.hpp"

#include <boost/asio/ip/address.hpp>

namespace kontor::http_client {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds fresh_for{5};   // a failover by name is noticed soon, a burst of connections asks once

}  // namespace

Addresses::Addresses(asio::io_context& io, std::string host, std::string port)
    : resolver_{io}, host_{std::move(host)}, port_{std::move(port)} {
    error_code error;
    const auto address = asio::ip::make_address(host_, error);
    if (error) return;
    known_ = {tcp::endpoint{address, static_cast<unsigned short>(std::stoul(port_))}};
    known_until_ = steady_clock::time_point::max();
}

void Addresses::find(Found found) {
    if (steady_clock::now() < known_until_) return found({}, known_);
    waiting_.push_back(std::move(found));
    if (waiting_.size() == 1) ask();
}

void Addresses::ask() {
    // The port is a number: asking for its name would need /etc/services.
    resolver_.async_resolve(host_, port_, tcp::resolver::numeric_service | tcp::resolver::address_configured,
                            [this](error_code error, const tcp::resolver::results_type& results) {
                                if (error == asio::error::operation_aborted) return;
                                answer(error, Endpoints(results.begin(), results.end()));
                            });
}

void Addresses::answer(error_code error, Endpoints endpoints) {
    if (!error) {
        known_ = std::move(endpoints);
        known_until_ = steady_clock::now() + fresh_for;
    }
    // Whoever is told may ask again.
    const auto told = std::exchange(waiting_, {});
    for (const auto& found : told) found(error, known_);
}

}  // namespace kontor::http_client

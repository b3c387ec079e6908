#pragma once
/// One request and its answer.
#include "http/addresses.hpp"
#include "http/response_reader.hpp"
#include "http/pool.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <string>
#include <variant>

namespace kontor::http_client {

/// Nothing of the request has left this process, or the server said before reading it that it will not.
struct NotSent { std::string why; bool cancelled = false; };
/// The request is out, and no whole answer came.
struct Lost { std::string why; bool cancelled = false; };
using Ending = std::variant<Response, NotSent, Lost>;

struct Request {
    std::string text{};
    Duration timeout{};
    Duration after{};         ///< a pause before it begins
    /// Reading only, so that it may be sent again although the server may have seen it.
    bool repeatable = false;
};

/// What exchanges with one host share.
struct Host {
    boost::asio::io_context& io;
    StreamFactory& streams;
    Addresses& addresses;
    Pool& pool;
    std::string origin{};
    std::size_t max_answer = 0;
};

/// Waits for a connection or opens one, sends, receives. Keeps itself alive while an operation is under way. Belongs to the thread
/// of its io_context.
class Exchange final : public Pool::Customer, public std::enable_shared_from_this<Exchange> {
public:
    using Ended = std::function<void(Ending)>;

    Exchange(Host& host, Request request, Ended ended);
    /// `ended` is called once, never from within.
    void start();
    /// Nobody wants the answer any more.
    void cancel(const std::string& why);
    [[nodiscard]] bool is_pausing() const noexcept { return pausing_; }

    void served(std::unique_ptr<Stream> idle) override;

private:
    void begin();
    void connect();
    void open(const Endpoints& endpoints);
    void send();
    void sent(error_code error, std::size_t bytes);
    void receive();
    void received(error_code error, std::size_t bytes);
    void fail(const std::string& why, bool cancelled = false);
    [[nodiscard]] bool may_repeat() const noexcept;
    void end(Ending ending);

    Host& host_;
    Request request_;
    Ended ended_;                       ///< empty: it has ended
    boost::asio::steady_timer timer_;   ///< of the pause, then of the timeout
    ResponseReader reader_;
    std::unique_ptr<Stream> stream_{};
    bool pausing_ = false;
    bool has_turn_ = false;             ///< the pool has served us
    bool is_reused_ = false;            ///< the connection has carried other requests
    bool may_be_out_ = false;           ///< the server may have seen some of the request
    bool is_out_ = false;               ///< all of it
};

}  // namespace kontor::http_client

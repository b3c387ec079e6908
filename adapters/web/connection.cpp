#include "web/connection.hpp"

#include "value/utf8.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>
#include <charconv>

// GCC 12 takes Asio's allocation of coroutine frames for a mismatched one (GCC bug 109224).
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

namespace kontor::web {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t header_limit = 64u << 10;

/// Closes the socket when a time is over, unless it is told to stop.
class Watch {
public:
    explicit Watch(tcp::socket& socket) : socket_{socket}, timer_{socket.get_executor()} {}
    void begin(std::chrono::milliseconds length) {
        timer_.expires_after(length);
        timer_.async_wait([this, alive = std::weak_ptr{alive_}](error_code cancelled) {
            if (!cancelled && !alive.expired()) socket_.close(cancelled);
        });
    }
    void end() { timer_.cancel(); }

private:
    tcp::socket& socket_;
    asio::steady_timer timer_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// RFC 3986; what is no `%xx` stays as it is. In a query `+` is a space.
std::string decoded(std::string_view text, bool in_query) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        if (low >= 0) {
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else out += in_query && text[i] == '+' ? ' ' : text[i];
    }
    return out;
}

void read_query(std::string_view text, std::map<std::string, std::string, std::less<>>& query) {
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        const auto equals = std::min(pair.find('='), pair.size());
        if (!pair.empty()) query[decoded(pair.substr(0, equals), true)] = decoded(pair.substr(std::min(equals + 1, pair.size())), true);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

Request request_of(http::request<http::string_body>&& parsed) {
    Request request;
    request.method = std::string{parsed.method_string()};
    const std::string_view target{parsed.target().data(), parsed.target().size()};
    const auto mark = std::min(target.find('?'), target.size());
    request.path = decoded(target.substr(0, mark), false);
    if (mark < target.size()) read_query(target.substr(mark + 1), request.query);
    for (const auto& field : parsed) {
        std::string name{field.name_string()};
        std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        request.headers.emplace_back(std::move(name), std::string{field.value()});
    }
    request.body = std::move(parsed.body());
    return request;
}

/// Whether the address is UTF-8 once it is decoded: it stands in answers and logs.
bool is_text(const Request& request) {
    const auto good = [](std::string_view text) { return utf8::find_invalid(text) == std::string_view::npos; };
    return good(request.path) && std::ranges::all_of(request.query, [&](const auto& part) { return good(part.first) && good(part.second); });
}

std::string head_of(const Response& response, bool keeps_alive, bool is_stream) {
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ' + std::string{reason_of(response.status)} + "\r\n";
    for (const auto& [name, value] : response.headers) head += name + ": " + value + "\r\n";
    if (is_stream) head += "transfer-encoding: chunked\r\n";
    else if (response.status != 204 && response.status != 304) head += "content-length: " + std::to_string(response.body.size()) + "\r\n";
    head += keeps_alive ? "connection: keep-alive\r\n\r\n" : "connection: close\r\n\r\n";
    return head;
}

Response refusal(int status, std::string_view why) {
    return {status, {{"content-type", "text/plain; charset=utf-8"}}, std::string{why} + "\n"};
}

/// What is wrong with a request that could not be read; nothing if the client has just gone.
std::optional<Response> complaint(const error_code& error) {
    if (error == http::error::body_limit) return refusal(413, "the body is too large");
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return refusal(431, "the headers are too large");
    if (error.category() == http::make_error_code(http::error::bad_method).category() && error != http::error::end_of_stream &&
        error != http::error::partial_message)
        return refusal(400, "this is not HTTP: " + error.message());
    return std::nullopt;
}

/// One connection's way through its requests.
class Connection {
public:
    Connection(tcp::socket socket, Home home, std::shared_ptr<Sockets> open, const ServerOptions& options, const Handler& handler)
        : socket_{std::move(socket)}, home_{std::move(home)}, open_{std::move(open)}, options_{options}, handler_{handler}, watch_{socket_} {
        open_->insert(&socket_);
    }
    ~Connection() { open_->erase(&socket_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    asio::awaitable<void> run() {
        for (bool keeps_alive = true; keeps_alive && socket_.is_open();) {
            http::request_parser<http::string_body> parser;
            parser.eager(true);
            parser.header_limit(static_cast<std::uint32_t>(header_limit));
            parser.body_limit(options_.body_limit);
            const error_code error = co_await read(parser);
            if (error) {
                if (auto answer = complaint(error)) co_await send(*answer, false);
                break;
            }
            keeps_alive = parser.keep_alive();
            const bool is_head = parser.get().method() == http::verb::head;
            co_await answer(request_of(parser.release()), keeps_alive, is_head);
        }
        error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_both, ignored);
    }

private:
    asio::awaitable<error_code> read(http::request_parser<http::string_body>& parser) {
        bool begun = !buffer_.empty();
        bool told_to_continue = false;
        std::size_t header_bytes = 0;   // that the parser has taken: its own limit holds for what it has not
        watch_.begin(begun ? options_.request_timeout : options_.idle_timeout);
        error_code error;
        for (;;) {
            if (!buffer_.empty()) {
                const bool was_header = !parser.is_header_done();
                const std::size_t used = parser.put(asio::buffer(buffer_), error);
                buffer_.erase(0, used);
                if (error && error != http::error::need_more) break;
                if (was_header) header_bytes += used;
                if (!parser.is_header_done() && header_bytes > header_limit) {
                    error = http::error::header_limit;
                    break;
                }
                // Where such a body ends nobody can say (RFC 9112, 6.3); what follows would be taken for a request.
                if (parser.is_header_done() && parser.get().count(http::field::transfer_encoding) > 0 && !parser.chunked()) {
                    error = http::error::bad_transfer_encoding;
                    break;
                }
                if (parser.is_done()) {
                    error = {};
                    break;
                }
                if (buffer_.size() > header_limit) {
                    error = http::error::header_limit;
                    break;
                }
            }
            if (parser.is_header_done() && !told_to_continue && parser.get()[http::field::expect] == "100-continue") {
                told_to_continue = true;
                co_await asio::async_write(socket_, asio::buffer(std::string_view{"HTTP/1.1 100 Continue\r\n\r\n"}),
                                           asio::redirect_error(asio::use_awaitable, error));
                if (error) break;
            }
            const std::size_t count = co_await socket_.async_read_some(asio::buffer(incoming_), asio::redirect_error(asio::use_awaitable, error));
            if (error) break;
            if (!begun) watch_.begin(options_.request_timeout);
            begun = true;
            buffer_.append(incoming_.data(), count);
        }
        watch_.end();
        co_return error;
    }

    asio::awaitable<void> answer(Request request, bool& keeps_alive, bool is_head) {
        const auto bell = std::make_shared<Bell>(socket_.get_executor());
        const auto target = std::make_shared<Reply::Target>(home_, bell);
        if (is_text(request)) handler_(std::move(request), Reply{guarded(target)});
        else target->response = refusal(400, "the address is no UTF-8 text");
        while (!target->response) {
            error_code rung;
            co_await bell->timer().async_wait(asio::redirect_error(asio::use_awaitable, rung));
        }
        if (target->stream) {
            keeps_alive = false;
            co_return co_await stream(*target->response, target->stream, *bell);
        }
        keeps_alive = co_await send(*target->response, keeps_alive, is_head) && keeps_alive;
    }

    asio::awaitable<bool> send(const Response& response, bool keeps_alive, bool only_head = false) {
        watch_.begin(options_.request_timeout);
        error_code error;
        std::string text = head_of(response, keeps_alive, false);
        if (!only_head) text += response.body;
        co_await asio::async_write(socket_, asio::buffer(text), asio::redirect_error(asio::use_awaitable, error));
        watch_.end();
        co_return !error;
    }

    asio::awaitable<void> stream(const Response& head, std::shared_ptr<Outgoing> outgoing, Bell& bell) {
        error_code error;
        co_await asio::async_write(socket_, asio::buffer(head_of(head, false, true)), asio::redirect_error(asio::use_awaitable, error));
        // Nothing more is asked on this connection: what can be read is that the client has gone.
        socket_.async_read_some(asio::buffer(incoming_), [outgoing](error_code, std::size_t) { outgoing->close(); });
        while (!error) {
            if (auto text = outgoing->next()) {
                char size[20];
                const auto end = std::to_chars(std::begin(size), std::end(size), text->size(), 16).ptr;
                const std::string chunk = std::string(size, end) + "\r\n" + *text + "\r\n";
                watch_.begin(options_.request_timeout);
                co_await asio::async_write(socket_, asio::buffer(chunk), asio::redirect_error(asio::use_awaitable, error));
                watch_.end();
            } else if (outgoing->closed()) {
                co_await asio::async_write(socket_, asio::buffer(std::string_view{"0\r\n\r\n"}), asio::redirect_error(asio::use_awaitable, error));
                break;
            } else {
                error_code rung;
                bell.timer().expires_at(asio::steady_timer::time_point::max());
                co_await bell.timer().async_wait(asio::redirect_error(asio::use_awaitable, rung));
            }
        }
        outgoing->close();
        error_code ignored;
        socket_.close(ignored);
    }

    tcp::socket socket_;
    const Home home_;
    const std::shared_ptr<Sockets> open_;
    const ServerOptions& options_;
    const Handler& handler_;
    Watch watch_;
    std::string buffer_;                   ///< read and not parsed yet
    std::array<char, 8192> incoming_{};
};

}  // namespace

asio::awaitable<void> serve(tcp::socket socket, Home home, std::shared_ptr<Sockets> open, const ServerOptions& options, const Handler& handler) {
    Connection connection{std::move(socket), std::move(home), std::move(open), options, handler};
    co_await connection.run();
}

}  // namespace kontor::web

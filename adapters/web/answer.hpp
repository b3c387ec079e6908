#pragma once
/// The inside of a reply: where the connection waits for its answer. Private to this folder.
#include "web/message.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <deque>
#include <mutex>
#include <optional>

namespace kontor::web {

/// The server's thread, for whoever answers later than the server lives: then nothing happens any more.
class Home {
public:
    explicit Home(std::shared_ptr<boost::asio::io_context> context) : context_{std::move(context)} {}
    template <class F>
    void post(F work) const {
        if (!context_->stopped()) boost::asio::post(*context_, std::move(work));
    }
    [[nodiscard]] boost::asio::io_context& context() const noexcept { return *context_; }

private:
    std::shared_ptr<boost::asio::io_context> context_;
};

/// One coroutine waits for it until it rings. On the server's thread.
class Bell {
public:
    explicit Bell(boost::asio::io_context& context) : timer_{context} { timer_.expires_at(boost::asio::steady_timer::time_point::max()); }
    boost::asio::steady_timer& timer() noexcept { return timer_; }
    void ring() { timer_.cancel(); }

private:
    boost::asio::steady_timer timer_;
};

/// What any thread has written and the connection has not sent yet.
class Outgoing final : public Stream, public std::enable_shared_from_this<Outgoing> {
public:
    explicit Outgoing(Home home) : home_{std::move(home)}, bell_{home_.context()} {}

    bool write(std::string text) override;
    void close() override;

    // ---- for the connection, on its thread
    /// Nothing if all was sent and more may come.
    std::optional<std::string> next();
    [[nodiscard]] bool closed() const;
    Bell& bell() noexcept { return bell_; }

private:
    void ring();

    const Home home_;
    Bell bell_;
    mutable std::mutex mutex_;
    std::string waiting_;
    bool closed_ = false;
};

struct Reply::Target {
    explicit Target(Home its_home) : home{std::move(its_home)}, bell{home.context()} {}

    void answer(Response response, std::shared_ptr<Outgoing> stream);
    [[nodiscard]] bool take() noexcept { return !taken_.exchange(true); }

    const Home home;
    // ---- for the connection, on its thread
    Bell bell;
    std::optional<Response> response;
    std::shared_ptr<Outgoing> stream;

private:
    std::atomic<bool> taken_{false};
};

/// What the handler holds: when the last copy goes unanswered, the client gets 500.
std::shared_ptr<Reply::Target> guarded(const std::shared_ptr<Reply::Target>&);

}  // namespace kontor::web

#pragma once
/// The inside of a reply: where the connection waits for its answer. Private to this folder.
#include "web/message.hpp"

#include <boost/asio/any_io_executor.hpp>
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
    explicit Home(const std::shared_ptr<boost::asio::io_context>& context) : context_{context} {}
    template <class F>
    void post(F work) const {
        if (const auto context = context_.lock()) boost::asio::post(*context, std::move(work));
    }

private:
    std::weak_ptr<boost::asio::io_context> context_;
};

/// One coroutine waits for it until it rings, and owns it. On the server's thread.
class Bell {
public:
    explicit Bell(const boost::asio::any_io_executor& executor) : timer_{executor} { timer_.expires_at(boost::asio::steady_timer::time_point::max()); }
    boost::asio::steady_timer& timer() noexcept { return timer_; }
    void ring() { timer_.cancel(); }

private:
    boost::asio::steady_timer timer_;
};

/// What any thread has written and the connection has not sent yet.
class Outgoing final : public Stream, public std::enable_shared_from_this<Outgoing> {
public:
    Outgoing(Home home, std::weak_ptr<Bell> bell) : home_{std::move(home)}, bell_{std::move(bell)} {}

    bool write(std::string text) override;
    void close() override;

    // ---- for the connection, on its thread
    /// Nothing if all was sent and more may come.
    std::optional<std::string> next();
    [[nodiscard]] bool closed() const;

private:
    void ring();

    const Home home_;
    const std::weak_ptr<Bell> bell_;
    mutable std::mutex mutex_;
    std::string waiting_;
    std::size_t first_ = 0;    ///< of what waits, the bytes of the first text
    bool closed_ = false;
};

struct Reply::Target {
    Target(Home its_home, std::weak_ptr<Bell> its_bell) : home{std::move(its_home)}, bell{std::move(its_bell)} {}

    void answer(Response response, std::shared_ptr<Outgoing> stream);
    [[nodiscard]] bool take() noexcept { return !taken_.exchange(true); }

    const Home home;
    const std::weak_ptr<Bell> bell;
    // ---- for the connection, on its thread
    std::optional<Response> response;
    std::shared_ptr<Outgoing> stream;

private:
    std::atomic<bool> taken_{false};
};

/// What the handler holds: when the last copy goes unanswered, the client gets 500.
std::shared_ptr<Reply::Target> guarded(const std::shared_ptr<Reply::Target>&);

}  // namespace kontor::web

#pragma once
/// For hosts that use Boost.Asio (1.81 or later): calls with completion tokens, services that are coroutines, and everything on the host's
/// own executor. Header only; Kontor itself needs none of it.
#include <kontor/engine.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace kontor {

namespace detail {

/// `begin` is called with what the engine shall call back; that resumes the handler on its own executor, which has work until then.
template <class T, class Token, class Begin>
auto async(Begin begin, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<T>)>(
        [](auto handler, Begin begin_now) {
            using Handler = decltype(handler);
            struct Waiting {
                explicit Waiting(Handler h) : handler{std::move(h)} {}
                Handler handler;
                boost::asio::executor_work_guard<boost::asio::associated_executor_t<Handler>> work{boost::asio::get_associated_executor(handler)};
            };
            auto waiting = std::make_shared<Waiting>(std::move(handler));   // std::function wants copies
            begin_now([waiting](Result<T> result) {
                auto executor = waiting->work.get_executor();
                boost::asio::dispatch(executor, [waiting, result = std::move(result)]() mutable {
                    Handler resumed = std::move(waiting->handler);
                    waiting->work.reset();
                    std::move(resumed)(std::move(result));
                });
            });
        },
        token, std::move(begin));
}

}  // namespace detail

// Each completes with a Result: a coroutine gets an error as a value, not as an exception. Any thread; none of them blocks. The engine must
// outlive the call. Without an associated executor the handler runs where the engine's callbacks run.

/// Result<Started>; see Engine::start.
template <class Token>
auto async_start(Engine& engine, StartRequest request, Token&& token) {
    return detail::async<Started>(
        [&engine, request = std::move(request)](Engine::Then<Started> then) mutable { engine.start(std::move(request), std::move(then)); },
        std::forward<Token>(token));
}
/// Result<Published>; see Engine::publish.
template <class Token>
auto async_publish(Engine& engine, Message message, Token&& token) {
    return detail::async<Published>(
        [&engine, message = std::move(message)](Engine::Then<Published> then) mutable { engine.publish(std::move(message), std::move(then)); },
        std::forward<Token>(token));
}
/// Result<void>; see Engine::complete.
template <class Token>
auto async_complete(Engine& engine, TaskKey key, CompleteTask task, Token&& token) {
    return detail::async<void>(
        [&engine, key, task = std::move(task)](Engine::Then<void> then) mutable { engine.complete(key, std::move(task), std::move(then)); },
        std::forward<Token>(token));
}
template <class Token>
auto async_complete(Engine& engine, JobKey key, Variables result, Token&& token) {
    return detail::async<void>(
        [&engine, key, result = std::move(result)](Engine::Then<void> then) mutable { engine.complete(key, std::move(result), std::move(then)); },
        std::forward<Token>(token));
}

/// For Options::executor: handlers and callbacks run on the host's executor. The engine's blocking calls, its constructor, run() and
/// stop(grace) among them, must then not be made on the only thread of that executor while handlers run: use their callback forms.
template <class AsioExecutor>
std::shared_ptr<Executor> on(AsioExecutor executor) {
    class OnExecutor final : public Executor {
    public:
        explicit OnExecutor(AsioExecutor where) : executor_{std::move(where)} {}
        void post(std::function<void()> work) override { boost::asio::post(executor_, std::move(work)); }

    private:
        AsioExecutor executor_;
    };
    return std::make_shared<OnExecutor>(std::move(executor));
}

/// A service that is a coroutine: `awaitable<Variables>` or `awaitable<Answer>`, called with a ServiceCall by value. Each call runs on a strand of
/// the executor and may throw what a handler may throw. When nobody wants the answer any more, what it awaits is cancelled (terminally):
/// if that ends it with operation_aborted, the call's outcome counts as unknown.
template <class Handler>
std::shared_ptr<Adapter> coroutine(boost::asio::any_io_executor executor, Handler handler) {
    class Coroutines final : public Adapter {
    public:
        Coroutines(boost::asio::any_io_executor where, Handler what) : executor_{std::move(where)}, handler_{std::make_shared<Handler>(std::move(what))} {}

        void invoke(ServiceCall call, Reply reply) override {
            auto strand = boost::asio::make_strand(executor_);
            auto signal = std::make_shared<boost::asio::cancellation_signal>();
            const auto slot = signal->slot();
            boost::asio::co_spawn(strand, carry_out(handler_, strand, std::move(signal), std::move(call), std::move(reply)),
                                  boost::asio::bind_cancellation_slot(slot, boost::asio::detached));
        }

    private:
        using Strand = boost::asio::strand<boost::asio::any_io_executor>;

        static boost::asio::awaitable<void> carry_out(std::shared_ptr<Handler> handler, Strand strand,
                                                      std::shared_ptr<boost::asio::cancellation_signal> signal, ServiceCall call, Reply reply) {
            auto cancel = [strand, signal] {
                boost::asio::post(strand, [signal] { signal->emit(boost::asio::cancellation_type::terminal); });
            };
            const std::stop_callback<decltype(cancel)> unwanted{call.stop_token(), cancel};
            try {
                const Answer answer{co_await (*handler)(call)};
                if (const Variables* result = answer.variables()) reply.complete(*result);
                else reply.defer(*answer.later());
            } catch (const boost::system::system_error& error) {
                if (error.code() == boost::asio::error::operation_aborted && call.stop_token().stop_requested())
                    reply.unknown("interrupted before it had finished");
                else reply.fail(std::current_exception());
            } catch (...) {
                reply.fail(std::current_exception());
            }
        }

        boost::asio::any_io_executor executor_;
        std::shared_ptr<Handler> handler_;
    };
    return std::make_shared<Coroutines>(std::move(executor), std::move(handler));
}

}  // namespace kontor

// The engine in a host that uses Boost.Asio: completion tokens, coroutine services, callbacks on the host's own threads.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"   // GCC 12 reports it for every coroutine of Asio
#endif
#include <kontor/asio.hpp>
#include <kontor/kontor.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <thread>

namespace asio = boost::asio;
using namespace kontor;
using namespace std::chrono_literals;

namespace {

constexpr const char* parcel = R"(
kontor: 1
process: parcel
variables:
  parcel: { type: string, required: true }
  status: { type: string }
  decision: { type: any }
services:
  registry.*: { contract: idempotent }
messages:
  go: { correlationKey: = parcel, timeToLive: P1D }
flow:
  - startEvent: asked
  - serviceTask: ask
    service: registry.ask
    input: { parcel: = parcel }
    output: { status: = result.status }
    boundaryEvents:
      - error: NO_SUCH_PARCEL
        next: unknown
  - receiveTask: wait
    message: go
  - userTask: review
    candidateGroups: [clerks]
    output: decision
  - endEvent: registered
paths:
  refused:
    - endEvent: unknown
)";

asio::awaitable<Variables> ask_registry(ServiceCall call) {
    asio::steady_timer wait{co_await asio::this_coro::executor, 1ms};
    co_await wait.async_wait(asio::use_awaitable);
    const auto number = call.input().get<std::string>("parcel");
    if (number == "nowhere") throw BusinessError{"NO_SUCH_PARCEL"};
    co_return Variables{{"status", "registered"}};
}

/// A process from its start to its end, without a thread that waits.
asio::awaitable<std::string> go_through(Engine& engine, std::string number) {
    StartRequest request{.process = "parcel", .variables = {{"parcel", number}}};
    const auto started = co_await async_start(engine, std::move(request), asio::use_awaitable);
    Message message{.name = "go", .correlation_key = number};
    const auto published = co_await async_publish(engine, std::move(message), asio::use_awaitable);
    if (!published) co_return published.error().what();
    asio::steady_timer timer{co_await asio::this_coro::executor};
    for (;;) {   // until the task is there
        const auto tasks = engine.tasks({.instance = started->key});
        if (!tasks.items.empty()) {
            CompleteTask decision{.output = {{"ok", true}}, .by = {"alice", {"clerks"}}};
            const auto done = co_await async_complete(engine, tasks.items[0].key, std::move(decision), asio::use_awaitable);
            if (!done) co_return done.error().what();
            break;
        }
        timer.expires_after(1ms);
        co_await timer.async_wait(asio::use_awaitable);
    }
    const auto outcome = engine.wait_for(started->key, 20s);
    co_return std::get<Completed>(outcome.value()).end_event;
}

}  // namespace

SCENARIO("a host with Asio starts, publishes and completes in a coroutine, on its own thread") {
    asio::io_context io;
    Engine engine{{.store = memory(), .services = {{"registry.*", coroutine(io.get_executor(), ask_registry)}}}};
    engine.deploy({yaml_text(parcel, "parcel.yaml")});
    engine.run();
    // A second thread, since the coroutine also makes calls that block, and the service needs one.
    const auto guard = asio::make_work_guard(io);
    std::thread first{[&] { io.run(); }}, second{[&] { io.run(); }};
    auto granted = asio::co_spawn(io, go_through(engine, "01067"), asio::use_future);
    CHECK(granted.get() == "registered");

    WHEN("the coroutine of the service throws a business error") {
        const auto key = engine.start({.process = "parcel", .variables = {{"parcel", "nowhere"}}}).key;
        THEN("the process catches it") { CHECK(std::get<Completed>(engine.wait_for(key, 20s).value()).end_event == "unknown"); }
    }
    WHEN("the request is wrong") {
        auto started = async_start(engine, {.process = "no-such"}, asio::use_future);
        THEN("the error comes as a value") { CHECK(started.get().error().code() == Code::not_found); }
    }
    WHEN("the token is a plain function with an executor") {
        std::promise<std::thread::id> where;
        async_publish(engine, {.name = "go", .correlation_key = "x"},
                      asio::bind_executor(io, [&](const Result<Published>&) { where.set_value(std::this_thread::get_id()); }));
        const auto thread = where.get_future().get();
        THEN("it runs there") { CHECK((thread == first.get_id() || thread == second.get_id())); }
    }
    io.stop();
    first.join();
    second.join();
}

SCENARIO("handlers run on the host's executor, on its only thread") {
    asio::io_context io;
    std::atomic<bool> elsewhere{false};
    const auto here = std::this_thread::get_id();
    Engine engine{{.store = memory(),
                   .services = {{"registry.*", [&](const ServiceCall&) -> Answer {
                                     if (std::this_thread::get_id() != here) elsewhere = true;
                                     throw BusinessError{"NO_SUCH_PARCEL"};
                                 }}},
                   .executor = on(io.get_executor())}};
    engine.deploy({yaml_text(parcel, "parcel.yaml")});
    engine.run();
    std::string ended;
    async_start(engine, {.process = "parcel", .variables = {{"parcel", "1"}}}, [&](const Result<Started>& started) {
        engine.on_end(started.value(), [&](const Outcome& outcome) {
            ended = std::get<Completed>(outcome).end_event;
            io.stop();
        });
    });
    const auto guard = asio::make_work_guard(io);
    io.run_for(20s);
    CHECK(ended == "unknown");
    CHECK_FALSE(elsewhere);
}

SCENARIO("a coroutine that nobody waits for any more is cancelled") {
    asio::io_context io;
    std::promise<void> begun;
    bool cancelled = false;
    const auto hang = [&](ServiceCall) -> asio::awaitable<Variables> {
        asio::steady_timer for_ever{co_await asio::this_coro::executor, 24h};
        begun.set_value();
        try {
            co_await for_ever.async_wait(asio::use_awaitable);
        } catch (const boost::system::system_error&) {
            cancelled = true;
            throw;
        }
        co_return Variables{};
    };
    std::thread thread;
    {
        Engine engine{{.store = memory(), .services = {{"registry.*", coroutine(io.get_executor(), hang)}}}};
        engine.deploy({yaml_text(parcel, "parcel.yaml")});
        engine.run();
        engine.start({.process = "parcel", .variables = {{"parcel", "1"}}});
        thread = std::thread{[&] {
            const auto guard = asio::make_work_guard(io);
            io.run();
        }};
        begun.get_future().wait();
        engine.stop(0s);
    }
    asio::post(io, [&] { io.stop(); });
    thread.join();
    io.restart();
    io.poll();
    CHECK(cancelled);
}

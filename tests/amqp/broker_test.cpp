// Calls through a real broker.
#include "amqp/adapter.hpp"
#include "amqp/broker.hpp"
#include "amqp/caller.hpp"
#include "amqp/peer.hpp"
#include "support/ports.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iostream>
#include <poll.h>
#include <thread>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

/// Names of its own for each test: queues outlive it.
struct Names {
    std::string service{}, engine{}, replies{};
    Names() {
        static int count = 0;
        const std::string number = std::to_string(++count);
        service = "credit.check-" + number;
        engine = "engine-" + number;
        replies = "kontor.replies." + engine;
    }
};

AmqpOptions options(const Names& names, const std::string& url = Broker::instance().url()) {
    return {.url = url, .name = names.engine, .heartbeat = 2s, .first_pause = 50ms, .longest_pause = 500ms};
}

/// Until a condition holds that only the broker or another thread brings about.
template <class F>
void eventually(F holds) {
    const auto until = std::chrono::steady_clock::now() + 90s;
    while (!holds()) {
        REQUIRE(std::chrono::steady_clock::now() < until);
        ::poll(nullptr, 0, 5);
    }
}

/// Nothing is on its way to the broker: what has been sent is safe there.
void wait_until_confirmed(const Caller& caller) {
    const auto adapter = std::dynamic_pointer_cast<amqp_client::AmqpAdapter>(caller.adapter);
    eventually([&] { return adapter->unconfirmed() == 0; });
}

}  // namespace

TEST_CASE("a call is a persistent message, and its answer completes it") {
    const Names names;
    Peer peer{Broker::instance().port(), names.service};
    Caller caller{options(names)};
    auto answer = caller.begin(call_of(names.service, 7, 2));
    const auto request = peer.next();
    CHECK(request.body == R"({"amount":250000.00})");
    CHECK(request.content_type == "application/json");
    CHECK(request.delivery_mode == 2);
    CHECK(request.correlation_id == "store-7.2");
    CHECK(request.message_id == "store-7");
    CHECK(request.type == names.service);
    CHECK(request.reply_to == names.replies);
    CHECK(request.headers.at("idempotency-key") == "store-7");
    CHECK(request.headers.at("kontor-attempt") == "2");
    CHECK(request.headers.at("traceparent") == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    CHECK(std::stol(request.expiration) > 20'000);
    CHECK(std::stol(request.expiration) <= 120'000);
    peer.answer(request, R"({"rate":3.10})");
    CHECK(wait_for(answer) == R"(done {"rate":3.10})");
}

TEST_CASE("a service says no, later, never, or something that nobody understands") {
    const Names names;
    Peer peer{Broker::instance().port(), names.service};
    Caller caller{options(names)};
    const auto outcome = [&](const std::string& body, const Peer::Headers& headers) {
        auto answer = caller.begin(call_of(names.service));
        peer.answer(peer.next(), body, headers);
        return wait_for(answer);
    };
    CHECK(outcome(R"({"message":"too much","data":{"limit":5}})", {{"kontor-error", "LIMIT"}}) == R"(business LIMIT too much {"limit":5})");
    CHECK(outcome("", {{"kontor-outcome", "retry-later"}, {"kontor-retry-after", "60"}}) == "later 60000 the service answered retry-later");
    CHECK(outcome(R"({"message":"no such client"})", {{"kontor-outcome", "permanent"}}) == "permanent no such client");
    CHECK(outcome("{\"half\":", {}) == "unknown the service answered with a body that is no JSON object");
    CHECK(outcome(std::string((1u << 20) + 1, ' '), {}) == "unknown the service answered with more bytes than max_answer allows");
    CHECK(outcome("{}", {}) == "done {}");   // and it goes on
}

TEST_CASE("a message that no queue takes surely had no effect") {
    const Names names;
    Caller caller{options(names)};
    auto answer = caller.begin(call_of(names.service));
    CHECK_THAT(wait_for(answer), Catch::StartsWith("failed nobody takes routing key " + names.service + " from the default exchange of amqp://127.0.0.1:"));
    Peer{Broker::instance().port(), ""}.declare_full(names.service);
    auto refused = caller.begin(call_of(names.service));
    CHECK(wait_for(refused) == "failed the broker refused the message");
}

TEST_CASE("a missing exchange is said by name") {
    const Names names;
    auto changed = options(names);
    changed.exchange = "nowhere";
    Caller caller{changed};
    auto answer = caller.begin(call_of(names.service));
    const auto why = wait_for(answer);
    CHECK_THAT(why, Catch::StartsWith("failed amqp://127.0.0.1:"));
    CHECK_THAT(why, Contains("looking for exchange nowhere: NOT_FOUND"));
}

TEST_CASE("a service is asked what became of a call") {
    const Names names;
    Peer peer{Broker::instance().port(), names.service + ".query"};
    Caller caller{options(names)};
    const auto outcome = [&](const std::string& body, const Peer::Headers& headers) {
        auto answer = caller.begin_query(call_of(names.service));
        const auto request = peer.next();
        CHECK(request.headers.at("idempotency-key") == "store-7");
        CHECK(request.body == "{}");
        peer.answer(request, body, headers);
        return wait_for(answer);
    };
    CHECK(outcome(R"({"rate":3.10})", {}) == R"(done {"rate":3.10})");
    CHECK(outcome("", {{"kontor-outcome", "never-happened"}}) == "never happened");
    CHECK_THAT(outcome("", {{"kontor-outcome", "failed"}}), Catch::StartsWith("unknown"));
    auto unheard = caller.begin_query(call_of(names.service + "-other"));
    CHECK_THAT(wait_for(unheard), Catch::StartsWith("unknown nobody takes routing key"));
}

TEST_CASE("a call without an answer is unknown at its deadline, and a late answer still goes to the engine") {
    const Names names;
    Peer peer{Broker::instance().port(), names.service};
    Caller caller{options(names)};
    auto answer = caller.begin(call_of(names.service));
    const auto request = peer.next();
    caller.adapter->cancel(JobKey{7});   // as the engine does when the time is over
    CHECK(wait_for(answer) == "unknown no answer in time");
    peer.answer(request, R"({"rate":3.10})");
    const auto late = caller.engine.late();
    CHECK(late.text == R"(store-7/1 done {"rate":3.10})");
    late.after_commit({});
}

TEST_CASE("a second answer goes to the engine, which refuses it") {
    const Names names;
    Peer peer{Broker::instance().port(), names.service};
    {
        Caller caller{options(names)};
        auto answer = caller.begin(call_of(names.service));
        const auto request = peer.next();
        peer.answer(request, R"({"n":1})");
        peer.answer(request, R"({"n":2})");
        CHECK(wait_for(answer) == R"(done {"n":1})");
        const auto late = caller.engine.late();
        CHECK(late.text == R"(store-7/1 done {"n":2})");
        late.after_commit(Error{Code::conflict, "the step has ended"});
    }
    eventually([&] { return peer.waiting(names.replies) == 0; });
}

TEST_CASE("an answer that comes while the adapter is away waits for it, and is kept until it is durable") {
    const Names names;
    Peer peer{Broker::instance().port(), names.service};
    Peer::Message request;
    {
        Caller caller{options(names)};
        auto answer = caller.begin(call_of(names.service));
        request = peer.next();
        caller.adapter->stop(Instant{});
        CHECK(wait_for(answer) == "unknown the engine stops");
    }
    peer.answer(request, R"({"rate":3.10})");
    {
        Caller caller{options(names)};
        CHECK(caller.engine.late().text == R"(store-7/1 done {"rate":3.10})");   // and the process dies before the commit
        caller.adapter->stop(Instant{});
    }
    eventually([&] { return peer.waiting(names.replies) == 1; });
    {
        Caller caller{options(names)};
        const auto busy = caller.engine.late();
        busy.after_commit(Error{Code::busy, "the engine recovers"});
        const auto again = caller.engine.late();
        CHECK(again.text == R"(store-7/1 done {"rate":3.10})");
        again.after_commit({});
    }
    CHECK(peer.waiting(names.replies) == 0);
}

TEST_CASE("a broker that dies between confirmation and answer delays the call, and nothing else") {
    const Names names;
    Caller caller{options(names)};
    {
        Peer declares{Broker::instance().port(), names.service};
        auto other = caller.begin(call_of(names.service, 1));
        declares.answer(declares.next(), "{}");
        CHECK(wait_for(other) == "done {}");
    }
    auto answer = caller.begin(call_of(names.service, 2));
    wait_until_confirmed(caller);
    Broker::instance().kill();
    CHECK(answer.wait_for(0s) == std::future_status::timeout);
    Broker::instance().start();
    Peer peer{Broker::instance().port(), names.service};
    const auto request = peer.next();
    CHECK(request.message_id == "store-2");
    peer.answer(request, R"({"survived":true})");
    if (answer.wait_for(60s) != std::future_status::ready) UNSCOPED_INFO("answers that nobody has taken: " << peer.waiting(names.replies));
    CHECK(wait_for(answer) == R"(done {"survived":true})");
}

TEST_CASE("without a broker a call fails after a while, unsent, and works once there is one") {
    const Names names;
    { Peer declares{Broker::instance().port(), names.service}; }
    auto hurried = options(names, "amqp://guest:guest@127.0.0.1:" + std::to_string(free_port()));
    hurried.wait_for_broker = 200ms;
    Caller alone{hurried};
    auto answer = alone.begin(call_of(names.service));
    CHECK_THAT(wait_for(answer), Catch::StartsWith("failed amqp://127.0.0.1:") && Contains("cannot connect"));

    auto patient = options(names);
    patient.wait_for_broker = 60s;
    Broker::instance().kill();
    Caller waiting{patient};
    auto given_up = waiting.begin(call_of(names.service, 1));
    auto kept = waiting.begin(call_of(names.service, 2));
    waiting.adapter->cancel(JobKey{1});
    CHECK(wait_for(given_up) == "failed given up before the broker could be reached");
    Peer peer{Broker::instance().port(), names.service};   // it starts again, and knows the queue
    const auto request = peer.next();
    CHECK(request.message_id == "store-2");
    peer.answer(request, "{}");
    CHECK(wait_for(kept) == "done {}");
}

TEST_CASE("a wrong password is said at once, and not shown") {
    const Names names;
    Caller caller{options(names, Broker::instance().url("secret:AMQP")), {{"AMQP", "wrong-pass-word\n"}}};
    auto answer = caller.begin(call_of(names.service));
    const auto why = wait_for(answer);
    CHECK_THAT(why, Contains("login as guest: ACCESS_REFUSED"));
    CHECK_THAT(why, !Contains("wrong-pass-word"));

    Caller keyless{options(names, Broker::instance().url("secret:NONE"))};
    auto no_secret = keyless.begin(call_of(names.service));
    CHECK_THAT(wait_for(no_secret), Contains("no secret to be had for the password"));

    Caller right{options(names, Broker::instance().url("secret:AMQP")), {{"AMQP", "guest\n"}}};
    Peer peer{Broker::instance().port(), names.service};
    auto works = right.begin(call_of(names.service));
    peer.answer(peer.next(), "{}");
    CHECK(wait_for(works) == "done {}");
}

TEST_CASE("two engines with one name do not share answers") {
    const Names names;
    Peer peer{Broker::instance().port(), names.service};
    Caller first{options(names)};
    auto answer = first.begin(call_of(names.service));
    peer.answer(peer.next(), "{}");
    CHECK(wait_for(answer) == "done {}");
    Caller second{options(names)};
    auto refused = second.begin(call_of(names.service));
    CHECK_THAT(wait_for(refused), Contains("reading reply queue " + names.replies + ": ACCESS_REFUSED"));
}

TEST_CASE("a thousand calls wait at once on one connection, and each gets its own answer") {
    constexpr int count = 1000;
    const Names names;
    Caller caller{options(names)};
    Peer peer{Broker::instance().port(), names.service};
    std::vector<std::future<std::string>> answers;
    const auto begun = std::chrono::steady_clock::now();
    for (std::uint64_t job = 1; job <= count; ++job) answers.push_back(caller.begin(call_of(names.service, job)));
    std::vector<Peer::Message> requests;
    for (int i = 0; i < count; ++i) requests.push_back(peer.next());
    wait_until_confirmed(caller);
    CHECK(std::ranges::none_of(answers, [](const auto& answer) { return answer.wait_for(0s) == std::future_status::ready; }));
    std::ranges::reverse(requests);
    for (const auto& request : requests) peer.answer(request, R"({"key":")" + request.message_id + R"("})");
    int right = 0;
    for (int i = 0; i < count; ++i) right += wait_for(answers[static_cast<std::size_t>(i)]) == R"(done {"key":"store-)" + std::to_string(i + 1) + R"("})";
    CHECK(right == count);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
    std::cout << count << " calls with confirmations, answers and acknowledgements: " << took.count() << " ms\n";
}

// Not run with the others: test_amqp "[figures]".
TEST_CASE("calls a second", "[.figures]") {
    constexpr int count = 20'000;
    const Names names;
    for (const std::size_t window : {1u, 10u, 100u, 1000u}) {
        Caller caller{options(names)};
        std::jthread service{[&] {
            Peer peer{Broker::instance().port(), names.service};
            for (int i = 0; i < (window == 1 ? count / 10 : count); ++i) peer.answer(peer.next(), "{}");
        }};
        std::mutex mutex;
        std::condition_variable changed;
        std::size_t open = 0;
        int done = 0;
        const int calls = window == 1 ? count / 10 : count;
        const auto begun = std::chrono::steady_clock::now();
        for (int job = 1; job <= calls; ++job) {
            {
                std::unique_lock lock{mutex};
                changed.wait(lock, [&] { return open < window; });
                ++open;
            }
            caller.adapter->invoke(ports::make_call(call_of(names.service, static_cast<std::uint64_t>(job))), ports::make_reply([&](const ports::CallOutcome& outcome) {
                if (outcome.after_commit) outcome.after_commit({});
                const std::scoped_lock lock{mutex};
                --open;
                done += std::holds_alternative<Reply::Target::Done>(outcome);
                changed.notify_all();
            }));
        }
        std::unique_lock lock{mutex};
        changed.wait(lock, [&] { return open == 0; });
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
        CHECK(done == calls);
        std::cout << "at most " << window << " at once: " << static_cast<int>(calls / took.count()) << " calls a second\n";
    }
}

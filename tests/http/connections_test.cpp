// Connections that are kept, closed, waited for and given up.
#include "http/caller.hpp"
#include "http/server.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

/// A door that a test opens for a server.
class Door {
public:
    void open() {
        const std::scoped_lock lock{mutex_};
        open_ = true;
        changed_.notify_all();
    }
    /// Whether it opened within ten seconds.
    bool pass() {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, 10s, [&] { return open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

template <class Condition>
bool becomes_true(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (!condition() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    return condition();
}

}  // namespace

TEST_CASE("a connection is used again, and not if either side says so") {
    Server server{always(answer(200, "{}"))};
    Caller keeping{{.base_url = server.url()}};
    for (int n = 0; n < 5; ++n) CHECK(keeping.call() == "done {}");
    CHECK(server.connections() == 1);
    Caller wary{{.base_url = server.url(), .idle_timeout = Duration{0}}};
    for (int n = 0; n < 3; ++n) CHECK(wary.call() == "done {}");
    CHECK(server.connections() == 4);
}

TEST_CASE("a connection is not used again after close, after HTTP 1.0, after bytes that nobody asked for, and when it is old") {
    const auto connections_after_two = [](std::string text, Duration idle = 4s) {
        Server server{always(std::move(text))};
        Caller caller{{.base_url = server.url(), .idle_timeout = idle}};
        CHECK(caller.call() == "done {}");
        const auto later = std::chrono::steady_clock::now() + (idle < 1s ? idle : Duration{0});
        CHECK(becomes_true([&] { return std::chrono::steady_clock::now() >= later; }));
        CHECK(caller.call() == "done {}");
        return server.connections();
    };
    CHECK(connections_after_two(answer(200, "{}")) == 1);
    CHECK(connections_after_two(answer(200, "{}"), 20ms) == 2);
    CHECK(connections_after_two(answer(200, "{}", "Connection: close\r\n")) == 2);
    CHECK(connections_after_two("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}") == 2);
    CHECK(connections_after_two(answer(200, "{}") + answer(200, "{\"of\":\"another\"}")) == 2);
}

TEST_CASE("a kept connection that the server has closed is replaced unseen") {
    Door closed;
    Server server{[&](Peer& peer) {
        peer.request();
        peer.send(answer(200, "{}"));
        if (peer.number() > 1) return peer.wait_for_close();
        peer.close();
        closed.open();
    }};
    Caller caller{{.base_url = server.url()}};
    CHECK(caller.call() == "done {}");
    CHECK(closed.pass());
    CHECK(caller.call() == "done {}");
    CHECK(server.connections() == 2);
}

TEST_CASE("a kept connection that breaks while the request is out: a call is unknown, a query is asked again") {
    std::atomic<int> requests{0};
    const auto script = [&](Peer& peer) {
        for (int n = 1; !peer.request().empty(); ++n) {
            ++requests;
            // The second request of the first connection is read, perhaps carried out, and never answered.
            if (peer.number() == 1 && n == 2) return peer.close();
            peer.send(answer(200, "{}"));
        }
    };
    Server server{script};
    Caller caller{{.base_url = server.url()}};
    CHECK(caller.call() == "done {}");
    CHECK_THAT(caller.call(), StartsWith("unknown"));
    CHECK(requests == 2);

    requests = 0;
    Server other{script};
    Caller asking{{.base_url = other.url()}};
    CHECK(asking.query() == "done {}");
    CHECK(asking.query() == "done {}");
    CHECK(requests == 3);
    CHECK(other.connections() == 2);
}

TEST_CASE("a query that gets no answer is repeated, for as long as the host says") {
    Server server{[](Peer& peer) {
        peer.request();
        if (peer.number() == 1) return peer.close();
        if (peer.number() == 2) peer.send(answer(202, "", "Connection: close\r\n"));
        else peer.send(answer(404, ""));
    }};
    Caller impatient{{.base_url = server.url(), .query_within = Duration{0}}};
    CHECK_THAT(impatient.query(), StartsWith("unknown"));
    CHECK(server.connections() == 1);
    Caller patient{{.base_url = server.url()}};
    CHECK(patient.query() == "never happened");
    CHECK(server.connections() == 3);
}

TEST_CASE("a query that pauses ends when it is cancelled and when the engine stops") {
    Server server{always(answer(503, ""))};
    Caller caller{{.base_url = server.url()}};
    auto first = caller.begin_query();
    CHECK(becomes_true([&] { return server.connections() == 1; }));
    caller.adapter->cancel(JobKey{7});
    CHECK_THAT(wait_for(first), StartsWith("unknown"));
    auto second = caller.begin_query();
    caller.adapter->stop(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()) + 60s);
    CHECK_THAT(wait_for(second), StartsWith("unknown"));
}

TEST_CASE("more calls than connections wait for their turn") {
    Door door;
    Server server{[&](Peer& peer) {
        while (!peer.request().empty()) {
            if (!door.pass()) return;
            peer.send(answer(200, "{}"));
        }
    }};
    Caller caller{{.base_url = server.url(), .connections = 2}};
    std::vector<std::future<std::string>> answers;
    for (int n = 0; n < 20; ++n) answers.push_back(caller.begin());
    CHECK(becomes_true([&] { return server.connections() == 2; }));
    door.open();
    for (auto& waiting : answers) CHECK(wait_for(waiting) == "done {}");
    CHECK(server.connections() == 2);
}

TEST_CASE("a call whose turn does not come before its deadline failed, since it was never sent") {
    Server server{[](Peer& peer) {
        if (peer.number() == 1) return peer.wait_for_close();
        peer.request();
        peer.send(answer(200, "{}"));
    }};
    Caller caller{{.base_url = server.url(), .connections = 1}};
    auto first = caller.begin();
    CHECK(becomes_true([&] { return server.connections() == 1; }));
    auto content = example_call();
    content.job = JobKey{8};
    content.deadline = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()) + 300ms;
    CHECK_THAT(caller.call(content), StartsWith("failed") && Contains("no answer within"));
    caller.adapter->cancel(JobKey{7});
    CHECK_THAT(wait_for(first), StartsWith("unknown"));
    CHECK(caller.call() == "done {}");   // the connection of the first one is free again
}

TEST_CASE("a cancelled call closes its connection and leaves the others alone") {
    Door seen, gone;
    Server server{[&](Peer& peer) {
        if (peer.request().find("/slow") == std::string::npos) {
            peer.send(answer(200, "{}"));
            return;
        }
        seen.open();
        peer.wait_for_close();
        gone.open();
    }};
    Caller caller{{.base_url = server.url()}};
    auto content = example_call();
    content.service = "slow";
    content.job = JobKey{8};
    auto slow = caller.begin(content);
    CHECK(seen.pass());
    caller.adapter->cancel(JobKey{99});
    CHECK(caller.call() == "done {}");
    caller.adapter->cancel(JobKey{8});
    CHECK_THAT(wait_for(slow), StartsWith("unknown") && Contains("cancelled"));
    CHECK(gone.pass());
}

TEST_CASE("a stop token ends a call, also one that is stopped before it begins") {
    Door seen;
    Server server{[&](Peer& peer) {
        peer.request();
        seen.open();
        peer.wait_for_close();
    }};
    Caller caller{{.base_url = server.url()}};
    std::stop_source source;
    auto content = example_call();
    content.stop = source.get_token();
    auto answer = caller.begin(content);
    CHECK(seen.pass());
    source.request_stop();
    CHECK_THAT(wait_for(answer), StartsWith("unknown"));
    CHECK_THAT(caller.call(content), StartsWith("failed"));
}

TEST_CASE("stop waits for answers until its deadline, and starting again works") {
    Door seen, door;
    Server server{[&](Peer& peer) {
        for (;;) {
            const auto request = peer.request();
            if (request.empty()) return;
            seen.open();
            if (request.find("/never") != std::string::npos) return peer.wait_for_close();
            if (!door.pass()) return;
            peer.send(answer(200, "{}"));
        }
    }};
    const auto in = [](Duration time) { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()) + time; };
    Caller caller{{.base_url = server.url()}};
    caller.adapter->start(caller.secrets);   // bound twice
    auto answered = caller.begin();
    CHECK(seen.pass());
    door.open();
    caller.adapter->stop(in(10s));
    CHECK(wait_for(answered) == "done {}");
    CHECK_THAT(caller.call(), StartsWith("failed"));
    CHECK_THAT(caller.query(), StartsWith("unknown"));

    caller.adapter->start(caller.secrets);
    auto content = example_call();
    content.service = "never";
    auto never = caller.begin(content);
    CHECK(becomes_true([&] { return server.connections() == 2; }));
    caller.adapter->stop(in(100ms));
    CHECK_THAT(wait_for(never), (StartsWith("unknown") || StartsWith("failed")) && Contains("stop"));
    caller.adapter->stop(in(0s));
}

TEST_CASE("an adapter that was never started says so") {
    const auto adapter = http({.base_url = "http://127.0.0.1:1"});
    std::string said;
    adapter->invoke(ports::make_call(example_call()), ports::make_reply([&](const ports::CallOutcome& outcome) { said = to_text(outcome); }));
    CHECK_THAT(said, StartsWith("failed"));
    adapter->cancel(JobKey{7});
    adapter->stop(Instant{});
}

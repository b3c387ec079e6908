// Servers that answer badly, late, or without end.
#include "http/caller.hpp"
#include "http/server.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

/// What a call comes to if the server reads the request and then does this.
std::string after_request(const Server::Script& then, HttpOptions options = {.timeout = 5s}) {
    Server server{[&](Peer& peer) {
        if (!peer.request().empty()) then(peer);
    }};
    options.base_url = server.url();
    Caller caller{options};
    return caller.call();
}
std::string after_answer(std::string text, HttpOptions options = {.timeout = 5s}) {
    return after_request([&](Peer& peer) { peer.send(text); }, std::move(options));
}

const std::string ok = "HTTP/1.1 200 OK\r\n";

}  // namespace

TEST_CASE("nobody listens: the call failed, since it surely had no effect") {
    Caller caller{{.base_url = "http://127.0.0.1:" + std::to_string(closed_port()), .query_within = 0s}};
    CHECK_THAT(caller.call(), StartsWith("failed no connection to http://127.0.0.1:"));
    CHECK_THAT(caller.query(), StartsWith("unknown"));
}

TEST_CASE("a name that nobody knows: failed") {
    Caller caller{{.base_url = "http://no..host"}};   // fails without asking any server
    CHECK_THAT(caller.call(), StartsWith("failed no address for http://no..host"));
}

TEST_CASE("the connection ends at any stage after the request: unknown") {
    CHECK_THAT(after_request([](Peer& peer) { peer.close(); }), StartsWith("unknown"));
    CHECK_THAT(after_request([](Peer& peer) { peer.reset(); }), StartsWith("unknown"));
    for (const std::string text : {"H", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
                                   "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\"", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n",
                                   "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 422 No\r\nContent-Length: 99\r\n\r\n{\"code\":\"A\"}"}) {
        INFO(text);
        CHECK_THAT(after_answer(text), StartsWith("unknown"));
        CHECK_THAT(after_request([&](Peer& peer) {
            peer.send(text);
            peer.reset();
        }), StartsWith("unknown"));
    }
}

TEST_CASE("an answer that is late, or comes byte by byte, ends at the deadline: unknown") {
    const HttpOptions hurried{.timeout = 200ms};
    CHECK_THAT(after_request([](Peer& peer) { peer.wait_for_close(); }, hurried), StartsWith("unknown") && Contains("no answer within"));
    const auto started = std::chrono::steady_clock::now();
    const auto drip = [](std::string_view text) {
        return [text](Peer& peer) {
            peer.send(text);
            while (peer.send("x")) std::this_thread::yield();
        };
    };
    CHECK_THAT(after_request(drip("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"), hurried), StartsWith("unknown"));
    CHECK_THAT(after_request([](Peer& peer) {
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
        peer.wait_for_close();
    }, hurried), StartsWith("unknown"));
    CHECK(std::chrono::steady_clock::now() - started < 4s);
}

TEST_CASE("the engine's own deadline ends a call too") {
    Server server{[](Peer& peer) { peer.wait_for_close(); }};
    Caller caller{{.base_url = server.url()}};
    auto content = example_call();
    content.deadline = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()) + 200ms;
    CHECK_THAT(caller.call(content), StartsWith("unknown"));
}

TEST_CASE("bodies in every framing arrive whole") {
    CHECK(after_answer(ok + "Content-Length: 7\r\n\r\n{\"a\":1}") == R"(done {"a":1})");
    CHECK(after_answer(ok + "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\nT: u\r\n\r\n") == R"(done {"a":1})");
    CHECK(after_answer(ok + "\r\n{\"a\":1}") == R"(done {"a":1})");
    CHECK(after_answer("HTTP/1.0 200 OK\r\n\r\n{\"a\":1}") == R"(done {"a":1})");
    CHECK(after_answer("HTTP/1.1 204 No Content\r\n\r\n") == "done {}");
    CHECK(after_answer(ok + "Content-Length: 0\r\n\r\n") == "done {}");
    CHECK_THAT(after_answer(ok + "\r\n"), StartsWith("unknown"));
}

TEST_CASE("bytes that come one at a time are put together") {
    const std::string text = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + ok + "Transfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n0\r\n\r\n";
    CHECK(after_request([&](Peer& peer) {
        for (const char c : text) peer.send({&c, 1});
    }) == R"(done {"a":1})");
}

TEST_CASE("answers of 1xx are skipped, a change of protocol is not understood") {
    CHECK(after_answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + answer(200, "{}")) == "done {}");
    CHECK_THAT(after_answer("HTTP/1.1 101 Switching Protocols\r\n\r\n"), StartsWith("unknown"));
    CHECK_THAT(after_request([](Peer& peer) {
        while (peer.send("HTTP/1.1 102 Processing\r\n\r\n")) {}
    }), Contains("64 KB"));
}

TEST_CASE("headers and bodies have limits") {
    CHECK_THAT(after_request([](Peer& peer) {
        peer.send(ok);
        while (peer.send("X-More: and more\r\n")) {}
    }), StartsWith("unknown") && Contains("64 KB"));
    CHECK_THAT(after_request([](Peer& peer) {
        peer.send(ok + "X: ");
        while (peer.send("xxxxxxxxxxxxxxxx")) {}
    }), StartsWith("unknown") && Contains("64 KB"));
    CHECK_THAT(after_request([](Peer& peer) {
        peer.send(ok + "Transfer-Encoding: chunked\r\n\r\n1;");
        while (peer.send("xxxxxxxxxxxxxxxx")) {}
    }), StartsWith("unknown"));
    CHECK_THAT(after_answer(ok + "Content-Length: 1001\r\n\r\n", {.timeout = 5s, .max_answer = 1000}), StartsWith("unknown") && Contains("1000 bytes"));
    for (const std::string head : {"Transfer-Encoding: chunked\r\n\r\n", "\r\n"}) {
        const std::string part = head.size() > 2 ? "2\r\n{}\r\n" : "{}";
        CHECK_THAT(after_request([&](Peer& peer) {
            peer.send(ok + head);
            while (peer.send(part)) {}
        }, {.timeout = 5s, .max_answer = 1000}), StartsWith("unknown") && Contains("1000 bytes"));
    }
    const std::string large = "{\"a\":\"" + std::string((1 << 20) - 8, 'x') + "\"}";
    CHECK_THAT(after_answer(answer(200, large)), StartsWith("done {\"a\":\"xxx"));
    CHECK_THAT(after_answer(answer(200, large + " ")), StartsWith("unknown"));
}

TEST_CASE("what is not HTTP is not believed") {
    for (const std::string text : {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "{\"a\":1}\r\n\r\n",
                                   "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
                                   "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", "HTTP/1.1 200 OK\r\nA\x01: 1\r\n\r\n",
                                   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n"}) {
        INFO(text);
        CHECK_THAT(after_answer(text), StartsWith("unknown") && !Contains("OpenSSH"));
    }
}

TEST_CASE("redirects are not followed") {
    std::atomic<int> requests{0};
    Server server{[&](Peer& peer) {
        while (!peer.request().empty()) {
            ++requests;
            peer.send(answer(307, "", "Location: /elsewhere?token=hush\r\n"));
        }
    }};
    Caller caller{{.base_url = server.url()}};
    CHECK_THAT(caller.call(), StartsWith("permanent") && !Contains("hush"));
    CHECK(requests == 1);
}

TEST_CASE("a refusal that comes before the request was read is understood") {
    auto content = example_call();
    content.input = {{"document", std::string(8 << 20, 'x')}};
    Server server{[](Peer& peer) {
        peer.send(answer(413, "", "Connection: close\r\n"));
        peer.close();   // with unread bytes: the client sees a reset while it writes
    }};
    Caller caller{{.base_url = server.url()}};
    CHECK_THAT(caller.call(content), StartsWith("permanent") && Contains("413"));
}

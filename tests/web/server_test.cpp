// The server against clients that ask well, badly, slowly and much.
#include "web/client.hpp"
#include "web/server.hpp"

#include <kontor/error.hpp>

#include <catch2/catch.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace kontor;
using namespace kontor::web;
using namespace std::chrono_literals;
using web::test::Client;

namespace {

Handler echo() {
    return [](Request request, const Reply& reply) {
        std::string body = request.method + ' ' + request.path;
        for (const auto& [name, value] : request.query) body += ' ' + name + '=' + value;
        reply.send({200, {{"content-type", "text/plain"}}, body + '\n' + request.body});
    };
}

}  // namespace

SCENARIO("requests are answered one after the other on one connection") {
    const Server server{{}, echo()};
    Client client{server.port()};
    client.send("GET /a%20b?x=1&y=a+b%26c HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string first = client.until("c\n");
    CHECK(first.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(first.ends_with("\r\n\r\nGET /a b x=1 y=a b&c\n"));
    client.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbodyPUT /q HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    const std::string rest = client.rest();
    CHECK(rest.find("POST /p\nbody") != std::string::npos);
    CHECK(rest.ends_with("PUT /q\nabc"));
}

SCENARIO("who expects 100-continue is told to") {
    const Server server{{}, echo()};
    Client client{server.port()};
    client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\n");
    CHECK(client.until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    CHECK(client.send("hi").rest().ends_with("POST /\nhi"));
}

SCENARIO("a request that is no request gets a reason, and the connection ends") {
    ServerOptions options;
    options.body_limit = 100;
    const Server server{options, echo()};
    CHECK(Client{server.port()}.send("what?\r\n\r\n").rest().starts_with("HTTP/1.1 400 "));
    CHECK(Client{server.port()}.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n").rest().starts_with("HTTP/1.1 413 "));
    CHECK(Client{server.port()}.send("GET / HTTP/1.1\r\nX: " + std::string(70'000, 'x')).rest().starts_with("HTTP/1.1 431 "));
    CHECK(Client{server.port()}.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").rest().starts_with("HTTP/1.1 200 "));
}

SCENARIO("a client that is too slow loses its connection") {
    ServerOptions options;
    options.request_timeout = 50ms;
    options.idle_timeout = 50ms;
    const Server server{options, echo()};
    CHECK(Client{server.port()}.rest().empty());
    CHECK(Client{server.port()}.send("GET / HT").rest().empty());
    CHECK(Client{server.port()}.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc").rest().empty());
}

SCENARIO("a reply may come later, from another thread, or never") {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Reply> kept;
    Server server{{}, [&](const Request& request, Reply reply) {
                      if (request.path == "/dropped") return;
                      const std::scoped_lock lock{mutex};
                      kept.push_back(std::move(reply));
                      changed.notify_all();
                  }};
    CHECK(Client{server.port()}.send("GET /dropped HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").rest().starts_with("HTTP/1.1 500 "));
    Client client{server.port()};
    client.send("GET /later HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    std::unique_lock lock{mutex};
    changed.wait(lock, [&] { return !kept.empty(); });
    WHEN("it answers twice") {
        kept.front().send({204, {}, {}});
        kept.front().send({500, {}, "no"});
        CHECK(client.rest().starts_with("HTTP/1.1 204 No Content\r\n"));
    }
    WHEN("the server has gone") {
        server.stop();
        kept.front().send({200, {}, "too late"});
        CHECK(client.rest().empty());
    }
}

SCENARIO("a stream goes on until one of both ends it") {
    std::mutex mutex;
    std::condition_variable changed;
    std::shared_ptr<Stream> stream;
    const Server server{{}, [&](const Request&, const Reply& reply) {
                            const std::scoped_lock lock{mutex};
                            stream = reply.stream({200, {{"content-type", "text/event-stream"}}, {}});
                            changed.notify_all();
                        }};
    Client client{server.port()};
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    std::unique_lock lock{mutex};
    changed.wait(lock, [&] { return stream != nullptr; });
    CHECK(client.until("\r\n\r\n").find("transfer-encoding: chunked") != std::string::npos);
    CHECK(stream->write("data: 1\n\n"));
    CHECK(client.until("\n\n\r\n") == "9\r\ndata: 1\n\n\r\n");
    WHEN("the server ends it") {
        stream->write("data: 2\n\n");
        stream->close();
        CHECK(client.rest() == "9\r\ndata: 2\n\n\r\n0\r\n\r\n");
        CHECK_FALSE(stream->write("data: 3\n\n"));
    }
    WHEN("the client goes") {
        client.close();
        const auto patience = std::chrono::steady_clock::now() + 10s;
        while (stream->write("x") && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
        CHECK_FALSE(stream->write("x"));
    }
    WHEN("the client does not listen") {
        const std::string much(100'000, 'x');
        int written = 0;
        while (written < 1'000 && stream->write(much)) ++written;
        CHECK(written < 1'000);
    }
}

SCENARIO("an address that cannot be listened at is refused with the reason") {
    const auto refusal = [](const std::string& listen) {
        try {
            const Server server{{.listen = listen}, echo()};
            return Code::ok;
        } catch (const Error& error) {
            return error.code();
        }
    };
    CHECK(refusal("nowhere") == Code::bad_input);
    CHECK(refusal("127.0.0.1:99999") == Code::bad_input);
    CHECK(refusal("[::1") == Code::bad_input);
    const Server first{{}, echo()};
    CHECK(refusal("127.0.0.1:" + std::to_string(first.port())) == Code::unavailable);
}

SCENARIO("headers that come one after the other without an end are too large, too") {
    const Server server{{}, echo()};
    std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
    for (int i = 0; many.size() < 80'000; ++i) many += "a" + std::to_string(i) + ": " + std::string(100, 'x') + "\r\n";
    CHECK(Client{server.port()}.send(many).rest().starts_with("HTTP/1.1 431 "));
}

SCENARIO("a body whose end nobody can tell is refused, and is not taken for a request") {
    const Server server{{}, echo()};
    for (const char* coding : {"xchunked", "identity", "chunked, identity"}) {
        const std::string all = Client{server.port()}.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + std::string{coding} +
                                                           "\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n").rest();
        CHECK(all.starts_with("HTTP/1.1 400 "));
        CHECK(all.find("/hidden") == std::string::npos);
    }
}

SCENARIO("the answer to a HEAD says once how long it would be") {
    const Server server{{}, echo()};
    const std::string answer = Client{server.port()}.send("HEAD /q HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").rest();
    CHECK(answer.find("content-length: 8\r\n") != std::string::npos);
    CHECK(answer.find("content-length: 0") == std::string::npos);
    CHECK(answer.ends_with("\r\n\r\n"));
}

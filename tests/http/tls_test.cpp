// Whom the adapter trusts, and what a connection that is not trusted means for the call.
#include "http/caller.hpp"
#include "http/certificates.hpp"
#include "http/server.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

/// What a call comes to at a server with this certificate, when the client trusts `authority`.
std::string call_with(Authority& authority, const Identity& identity, const std::string& host = "localhost") {
    auto context = authority.server(identity);
    Server server{always(answer(200, "{}")), &context};
    Caller caller{{.base_url = "https://" + host + ":" + std::to_string(server.port()), .ca_file = authority.file()}};
    return caller.call();
}

int keep_name(SSL* tls, int*, void* name) {
    if (const char* asked = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name)) *static_cast<std::string*>(name) = asked;
    return SSL_TLSEXT_ERR_OK;
}

}  // namespace

TEST_CASE("a server with a good certificate is called, and its connection kept") {
    Authority authority;
    auto context = authority.server(authority.issue());
    std::string asked;
    SSL_CTX_set_tlsext_servername_callback(context.native_handle(), keep_name);
    SSL_CTX_set_tlsext_servername_arg(context.native_handle(), &asked);
    Server server{always(answer(200, R"({"a":1.0})")), &context};
    Caller caller{{.base_url = server.url(), .ca_file = authority.file()}};
    CHECK(caller.call() == R"(done {"a":1.0})");
    CHECK(asked == "localhost");
    CHECK(caller.call() == R"(done {"a":1.0})");
    CHECK(server.connections() == 1);
}

TEST_CASE("certificates are held against authority, date and name") {
    Authority authority, another;
    CHECK(call_with(authority, authority.issue()) == "done {}");
    CHECK_THAT(call_with(authority, another.issue()), StartsWith("failed no connection") && Contains("unable to get local issuer"));
    CHECK_THAT(call_with(authority, authority.issue({.expired = true})), StartsWith("failed no connection") && Contains("expired"));
    CHECK_THAT(call_with(authority, authority.issue({.names = "DNS:elsewhere.bank"})), StartsWith("failed no connection") && Contains("hostname mismatch"));
    CHECK_THAT(call_with(authority, authority.issue({.names = "DNS:*.localhost"})), StartsWith("failed no connection"));
    CHECK(call_with(authority, authority.issue({.names = "IP:127.0.0.1"}), "127.0.0.1") == "done {}");
    CHECK_THAT(call_with(authority, authority.issue({.names = "DNS:127.0.0.1"}), "127.0.0.1"), StartsWith("failed no connection"));
}

TEST_CASE("without ca_file only the system's authorities are trusted") {
    Authority authority;
    auto context = authority.server(authority.issue());
    Server server{always(answer(200, "{}")), &context};
    Caller caller{{.base_url = server.url()}};
    CHECK_THAT(caller.call(), StartsWith("failed no connection"));
}

TEST_CASE("TLS 1.1 is refused, 1.2 will do") {
    Authority authority;
    const auto with_versions = [&](int lowest, int highest) {
        auto context = authority.server(authority.issue());
        SSL_CTX_set_security_level(context.native_handle(), 0);
        SSL_CTX_set_min_proto_version(context.native_handle(), lowest);
        SSL_CTX_set_max_proto_version(context.native_handle(), highest);
        Server server{always(answer(200, "{}")), &context};
        Caller caller{{.base_url = server.url(), .ca_file = authority.file()}};
        return caller.call();
    };
    CHECK_THAT(with_versions(TLS1_VERSION, TLS1_1_VERSION), StartsWith("failed no connection"));
    CHECK(with_versions(TLS1_2_VERSION, TLS1_2_VERSION) == "done {}");
}

TEST_CASE("a client certificate is shown, and without it the call surely had no effect") {
    Authority authority;
    const auto client = authority.issue({.names = "DNS:kontor"});
    const auto certificate = authority.file("client.pem", client.certificate), key = authority.file("client.key", client.key);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        auto context = authority.server(authority.issue(), true);
        SSL_CTX_set_max_proto_version(context.native_handle(), version);
        Server server{always(answer(200, "{}")), &context};
        Caller known{{.base_url = server.url(), .ca_file = authority.file(), .certificate_file = certificate, .private_key_file = key}};
        CHECK(known.call() == "done {}");
        Caller stranger{{.base_url = server.url(), .ca_file = authority.file()}};
        CHECK_THAT(stranger.call(), StartsWith("failed"));
    }
    CHECK_THROWS_WITH(http({.base_url = "https://a", .certificate_file = certificate, .private_key_file = certificate}), Contains("private_key_file"));
}

TEST_CASE("a server that speaks no TLS, or never finishes its handshake: failed") {
    Server plain{[](Peer& peer) {
        peer.request();
        peer.send(answer(200, "{}"));
    }};
    Caller deceived{{.base_url = "https://127.0.0.1:" + std::to_string(plain.port()), .timeout = 300ms}};
    CHECK_THAT(deceived.call(), StartsWith("failed"));
    Server mute{[](Peer& peer) { peer.wait_for_close(); }};
    Caller waiting{{.base_url = "https://127.0.0.1:" + std::to_string(mute.port()), .timeout = 300ms}};
    CHECK_THAT(waiting.call(), StartsWith("failed") && Contains("no answer within"));
}

TEST_CASE("a body whose end is the connection's must end as TLS ends") {
    // Anybody on the way can close a TCP connection; only the server can say that this is all.
    Authority authority;
    auto context = authority.server(authority.issue());
    Server server{[](Peer& peer) {
        peer.request();
        peer.send("HTTP/1.1 200 OK\r\n\r\n{\"a\":1}");
    }, &context};
    Caller caller{{.base_url = server.url(), .ca_file = authority.file()}};
    CHECK_THAT(caller.call(), StartsWith("unknown"));
}

TEST_CASE("an answer that nobody asked for is not taken for that of the next request") {
    Authority authority;
    auto context = authority.server(authority.issue());
    std::promise<void> sent;
    Server server{[&](Peer& peer) {
        peer.request();
        peer.send(answer(200, "{}"));
        if (peer.number() > 1) return;
        peer.send(answer(200, R"({"of":"another"})"));
        sent.set_value();
        peer.wait_for_close();
    }, &context};
    Caller caller{{.base_url = server.url(), .ca_file = authority.file()}};
    CHECK(caller.call() == "done {}");
    sent.get_future().wait();
    CHECK(caller.call() == "done {}");
    CHECK(server.connections() == 2);
}

TEST_CASE("a kept TLS connection that the server has closed is replaced") {
    Authority authority;
    auto context = authority.server(authority.issue());
    Server server{[](Peer& peer) {
        peer.request();
        peer.send(answer(200, "{}"));
    }, &context};
    Caller caller{{.base_url = server.url(), .ca_file = authority.file()}};
    CHECK(caller.call() == "done {}");
    CHECK(caller.query() == "done {}");   // whether the close comes before the request or after it
    CHECK(server.connections() == 2);
}

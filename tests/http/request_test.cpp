// What a service receives.
#include "http/caller.hpp"
#include "http/server.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

/// Answers 200 and keeps the last request.
struct Listener {
    std::mutex mutex{};
    std::string last{};
    Server server{[this](Peer& peer) {
        for (;;) {
            const auto text = peer.request();
            if (text.empty()) return;
            {
                const std::scoped_lock lock{mutex};
                last = text;
            }
            peer.send(answer(200, "{}"));
        }
    }};
    std::string heard() {
        const std::scoped_lock lock{mutex};
        return last;
    }
};

}  // namespace

TEST_CASE("a call is a POST with its input as exact JSON") {
    Listener listener;
    Caller caller{{.base_url = listener.server.url() + "/bank/"}};
    auto content = example_call();
    content.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    content.deadline = std::chrono::sys_days{std::chrono::year{2020} / 1 / 1};
    CHECK_THAT(caller.call(content), StartsWith("failed the deadline had passed"));

    content.deadline = {};
    CHECK(caller.call(content) == "done {}");
    const auto request = listener.heard();
    CHECK_THAT(request, StartsWith("POST /bank/credit.check HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(listener.server.port()) + "\r\n"));
    CHECK_THAT(request, Contains("\r\nIdempotency-Key: k-1\r\n"));
    CHECK_THAT(request, Contains("\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"));
    CHECK_THAT(request, Contains("\r\nKontor-Attempt: 2\r\n"));
    CHECK_THAT(request, Contains("\r\nKontor-Deadline: 20"));
    CHECK_THAT(request, Contains("\r\nContent-Type: application/json\r\n"));
    CHECK_THAT(request, Contains("\r\nAccept: application/json, application/problem+json\r\n"));
    CHECK_THAT(request, EndsWith("\r\n\r\n{\"amount\":250000.00}"));
}

TEST_CASE("the path follows its template") {
    Listener listener;
    const auto path_with = [&](std::string path) {
        Caller caller{{.base_url = listener.server.url(), .path = std::move(path)}};
        auto content = example_call();
        content.service = "credit.check.größe";
        content.idempotency_key = "a/b c";
        CHECK(caller.call(content) == "done {}");
        const auto request = listener.heard();
        return request.substr(5, request.find(" HTTP/1.1") - 5);
    };
    CHECK(path_with("/{service}") == "/credit.check.gr%C3%B6%C3%9Fe");
    CHECK(path_with("/v1/{segments}") == "/v1/credit/check/gr%C3%B6%C3%9Fe");
    CHECK(path_with("/{operation}/{key}?dry=no") == "/gr%C3%B6%C3%9Fe/a%2Fb%20c?dry=no");
}

TEST_CASE("a query is a GET by idempotency key") {
    Listener listener;
    Caller caller{{.base_url = listener.server.url()}};
    CHECK(caller.query() == "done {}");
    CHECK_THAT(listener.heard(), StartsWith("GET /credit.check/k-1 HTTP/1.1\r\n") && EndsWith("\r\n\r\n"));

    Caller mute{{.base_url = listener.server.url(), .query_path = ""}};
    CHECK_THAT(mute.query(), StartsWith("unknown http() has no query_path"));
}

TEST_CASE("secrets are asked for at every call and stand in no message") {
    Listener listener;
    Caller caller{{.base_url = listener.server.url(), .authorization = "secret:NOTIFY", .headers = {{"X-Tenant", "Tenant secret:TENANT"}}}};
    const auto missing = caller.call();
    CHECK_THAT(missing, StartsWith("permanent no secret"));

    caller.secrets.known = {{"NOTIFY", "Bearer one\n"}, {"TENANT", "blue"}};
    CHECK(caller.call() == "done {}");
    CHECK_THAT(listener.heard(), Contains("\r\nX-Tenant: Tenant blue\r\nAuthorization: Bearer one\r\n"));
    caller.secrets.known["NOTIFY"] = "Bearer two";
    CHECK(caller.call() == "done {}");
    CHECK_THAT(listener.heard(), Contains("\r\nAuthorization: Bearer two\r\n"));

    caller.secrets.known["NOTIFY"] = "hush\r\nX-Evil: 1";
    const auto refused = caller.call();
    CHECK_THAT(refused, StartsWith("permanent") && Contains("Authorization") && !Contains("hush"));
}

TEST_CASE("a compensation says what it undoes") {
    Listener listener;
    Caller caller{{.base_url = listener.server.url()}};
    auto content = example_call();
    content.compensates = CompensatedCall{.idempotency_key = "k-0", .outcome_known = false};
    CHECK(caller.call(content) == "done {}");
    CHECK_THAT(listener.heard(), Contains("\r\nKontor-Compensates: k-0\r\nKontor-Compensated-Outcome: unknown\r\n"));
}

TEST_CASE("options that cannot work are refused with what is wrong") {
    const auto refusal = [](HttpOptions options) {
        try {
            (void)http(std::move(options));
        } catch (const Error& error) {
            CHECK(error.code() == Code::bad_input);
            return std::string{error.what()};
        }
        return std::string{"accepted"};
    };
    const std::string url = "https://credit.bank";
    CHECK_THAT(refusal({.base_url = "credit.bank"}), Contains("https://"));
    CHECK_THAT(refusal({.base_url = "https://user:hush@credit.bank"}), Contains("authorization") && !Contains("hush"));
    CHECK_THAT(refusal({.base_url = "https://credit.bank/a?b"}), Contains("query"));
    CHECK_THAT(refusal({.base_url = "https://credit.bank:0"}), Contains("port"));
    CHECK_THAT(refusal({.base_url = "https://[::1"}), Contains("]"));
    CHECK_THAT(refusal({.base_url = "https://"}), Contains("host"));
    CHECK_THAT(refusal({.base_url = url, .timeout = Duration{0}}), Contains("timeout"));
    CHECK_THAT(refusal({.base_url = url, .path = "service"}), Contains("path"));
    CHECK_THAT(refusal({.base_url = url, .path = "/{what}"}), Contains("{service}"));
    CHECK_THAT(refusal({.base_url = url, .path = "/a b"}), Contains("path"));
    CHECK_THAT(refusal({.base_url = url, .headers = {{"content-length", "1"}}}), Contains("set by the adapter"));
    CHECK_THAT(refusal({.base_url = url, .headers = {{"a b", "1"}}}), Contains("name of a header"));
    CHECK_THAT(refusal({.base_url = url, .headers = {{"A", "1\r\nB: 2"}}}), Contains("control character"));
    CHECK_THAT(refusal({.base_url = url, .statuses = {{100, HttpMeaning::failed}}}), Contains("100"));
    CHECK_THAT(refusal({.base_url = url, .ca_file = "no-such-file.pem"}), Contains("no-such-file.pem"));
    CHECK_THAT(refusal({.base_url = url, .certificate_file = "a.pem"}), Contains("belong together"));
    CHECK_THAT(refusal({.base_url = "http://credit.bank", .ca_file = "a.pem"}), Contains("https://"));
    CHECK(refusal({.base_url = "http://[::1]:8080/a/"}) == "accepted");
}

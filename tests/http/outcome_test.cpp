// What each answer means, without a network.
#include "http/response.hpp"
#include "http/caller.hpp"
#include "http/retry_after.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;
using http_client::Response;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

const Instant noon = std::chrono::sys_days{std::chrono::year{1994} / 11 / 6} + 12h;
const http_client::Reading plain{.origin = "https://credit.bank"};

std::string meaning(const Response& response, const http_client::Reading& reading = plain) {
    return to_text(http_client::meaning_of_call(response, reading, noon));
}
std::string query_meaning(const Response& response) { return to_text(http_client::meaning_of_query(response, plain)); }

}  // namespace

TEST_CASE("an answer with a JSON object is the result to the last digit") {
    CHECK(meaning({.status = 200, .body = R"({"rate":1.10,"limit":123456789012345678.90})"}) == R"(done {"rate":1.10,"limit":123456789012345678.90})");
    CHECK(meaning({.status = 201, .body = "{}"}) == "done {}");
    CHECK(meaning({.status = 202, .body = "{}"}) == "done {}");
}

TEST_CASE("an answer without a body is an empty result, unless the body may have been lost") {
    CHECK(meaning({.status = 204}) == "done {}");
    CHECK(meaning({.status = 200}) == "done {}");
    CHECK_THAT(meaning({.status = 200, .has_length = false}), StartsWith("unknown"));
}

TEST_CASE("a success that cannot be read leaves the outcome unknown and is not quoted") {
    const std::string deep = "{\"secret\":" + std::string(1000, '[') + std::string(1000, ']') + "}";
    for (const std::string body : {"secret", "[1]", "\"secret\"", "{\"secret\":1", "{\"secret\":1,\"secret\":2}", "{\"secret\":\"\xff\"}", "{\"secret\":1e99999}",
                                   "{\"secret\":\"\\u0000\"}", "<html>secret</html>", deep.c_str()}) {
        INFO(body.substr(0, 40));
        const auto text = meaning({.status = 200, .body = body});
        CHECK_THAT(text, StartsWith("unknown https://credit.bank answered with status 200") && !Contains("secret"));
    }
}

TEST_CASE("a business error has a code") {
    CHECK(meaning({.status = 422, .body = R"({"code":"LIMIT","message":"too much","data":{"limit":10.0},"more":1})"}) ==
          R"(business LIMIT too much {"limit":10.0})");
    CHECK(meaning({.status = 409, .body = R"({"code":"LIMIT","limit":10.0})"}) == R"(business LIMIT  {"limit":10.0})");
    CHECK(meaning({.status = 422, .body = R"({"type":"https://bank/limit","title":"Limit","detail":"above 10","code":"LIMIT"})"}) ==
          R"(business LIMIT above 10 {"type":"https://bank/limit","title":"Limit","detail":"above 10"})");
    // By itself 409 may be about an earlier attempt that still runs.
    CHECK_THAT(meaning({.status = 409, .body = "busy"}), StartsWith("unknown"));
    CHECK_THAT(meaning({.status = 409, .body = R"({"code":17})"}), StartsWith("unknown"));
    CHECK_THAT(meaning({.status = 422, .body = R"({"code":""})"}), StartsWith("permanent"));
}

TEST_CASE("only a status that says that nothing was done is a failure") {
    for (const int status : {400, 401, 403, 404, 405, 406, 410, 413, 415, 501, 505, 307, 308})
        CHECK(meaning({.status = status, .body = "secret"}) == "permanent https://credit.bank answered with status " + std::to_string(status));
    for (const int status : {408, 425, 429})
        CHECK(meaning({.status = status}) == "failed https://credit.bank answered with status " + std::to_string(status));
    for (const int status : {206, 300, 301, 302, 303, 304, 500, 502, 503, 504, 520, 599, 999})
        CHECK(meaning({.status = status}) == "unknown https://credit.bank answered with status " + std::to_string(status));
}

TEST_CASE("a service may say when to come again") {
    CHECK(meaning({.status = 503, .retry_after = "120"}) == "later 120000 https://credit.bank answered with status 503");
    CHECK(meaning({.status = 429, .retry_after = "Sun, 06 Nov 1994 12:00:37 GMT"}) == "later 37000 https://credit.bank answered with status 429");
    CHECK_THAT(meaning({.status = 429, .retry_after = "soon"}), StartsWith("failed"));
    CHECK_THAT(meaning({.status = 500, .retry_after = "120"}), StartsWith("unknown"));

    using http_client::parse_retry_after;
    CHECK(parse_retry_after("0", noon) == 1s);
    CHECK(parse_retry_after("99999999999999999999", noon) == 24h);
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", noon) == 1s);
    CHECK(parse_retry_after("Fri, 06 Nov 2294 08:49:37 GMT", noon) == 24h);
    for (const auto* text : {"", "-1", "1.5", " 1", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"})
        CHECK(parse_retry_after(text, noon) == std::nullopt);
}

TEST_CASE("a host may read statuses as its service means them") {
    http_client::Reading own = plain;
    own.statuses = {{500, HttpMeaning::failed}, {404, HttpMeaning::business_error}, {299, HttpMeaning::unknown}};
    CHECK_THAT(meaning({.status = 500}, own), StartsWith("failed"));
    CHECK(meaning({.status = 404, .body = R"({"code":"NO_SUCH_CLIENT"})"}, own) == "business NO_SUCH_CLIENT  {}");
    CHECK_THAT(meaning({.status = 404}, own), StartsWith("permanent"));
    CHECK_THAT(meaning({.status = 299, .body = "{}"}, own), StartsWith("unknown"));
    own.accepted_within = 72h;
    CHECK(meaning({.status = 202, .body = "see you"}, own) == "deferred 259200000");
}

TEST_CASE("a query tells what became of a call") {
    CHECK(query_meaning({.status = 200, .body = R"({"rate":1.10})"}) == R"(done {"rate":1.10})");
    CHECK(query_meaning({.status = 404}) == "never happened");
    CHECK(query_meaning({.status = 422, .body = R"({"code":"LIMIT"})"}) == "business LIMIT  {}");
    for (const int status : {202, 302, 400, 401, 403, 409, 410, 422, 429, 500, 503}) CHECK_THAT(query_meaning({.status = status}), StartsWith("unknown"));
    CHECK_THAT(query_meaning({.status = 200, .body = "<html>"}), StartsWith("unknown"));
}

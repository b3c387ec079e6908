// What answers mean, and what options may be: without a broker.
#include "amqp/answer.hpp"
#include "amqp/caller.hpp"
#include "amqp/request.hpp"
#include "amqp/settings.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::amqp_client;
using namespace kontor::test;

namespace {

std::string call(Delivery delivery) { return to_text(meaning_of_call(delivery)); }
std::string query(Delivery delivery) { return to_text(meaning_of_query(delivery)); }

std::string refusal(AmqpOptions options) {
    try {
        checked(std::move(options));
    } catch (const Error& error) {
        return error.what();
    }
    return "fine";
}

}  // namespace

TEST_CASE("what an answer means for a call") {
    CHECK(call({.body = R"({"rate": 3.10})"}) == R"(done {"rate":3.10})");
    CHECK(call({.body = ""}) == "done {}");
    CHECK(call({.error = "LIMIT", .body = R"({"message":"too much","data":{"limit":5}})"}) == R"(business LIMIT too much {"limit":5})");
    CHECK(call({.error = "LIMIT", .body = R"({"message":"too much","limit":5})"}) == R"(business LIMIT too much {"limit":5})");
    CHECK(call({.error = "LIMIT", .body = "not JSON"}) == "business LIMIT  {}");
    CHECK(call({.outcome = "failed"}) == "failed the service answered failed");
    CHECK(call({.outcome = "failed", .body = R"({"message":"no stock"})"}) == "failed no stock");
    CHECK(call({.outcome = "retry-later", .retry_after = "60"}) == "later 60000 the service answered retry-later");
    CHECK(call({.outcome = "retry-later", .retry_after = "soon"}) == "later 0 the service answered retry-later");
    CHECK(call({.outcome = "permanent"}) == "permanent the service answered permanent");
    CHECK(call({.outcome = "never-happened"}) == "never happened");
}

TEST_CASE("an answer that cannot be read is unknown, and is not quoted") {
    CHECK(call({.body = "secret["}) == "unknown the service answered with a body that is no JSON object");
    CHECK(call({.body = "[1]"}) == "unknown the service answered with a body that is no JSON object");
    CHECK(call({.is_too_large = true}) == "unknown the service answered with more bytes than max_answer allows");
    CHECK(call({.error = "", .body = "{}"}) == "unknown the service answered with a kontor-error that has no code");
    CHECK(call({.outcome = "wonderful"}).starts_with("unknown the service answered with a kontor-outcome that is none of"));
}

TEST_CASE("what an answer means for a question") {
    CHECK(query({.body = R"({"rate": 3.10})"}) == R"(done {"rate":3.10})");
    CHECK(query({.error = "LIMIT"}) == "business LIMIT  {}");
    CHECK(query({.outcome = "never-happened"}) == "never happened");
    CHECK(query({.outcome = "permanent"}) == "unknown the service was asked what became of the call and answered permanent");
    CHECK(query({.outcome = "retry-later"}).starts_with("unknown"));
}

TEST_CASE("an id leads to the call again") {
    const auto id = Correlation{"store.1-77", 3, true};
    CHECK(id.text() == "store.1-77.3.query");
    CHECK(Correlation::parse(id.text())->key == "store.1-77");
    CHECK(Correlation::parse(id.text())->attempt == 3);
    CHECK(Correlation::parse(id.text())->is_query);
    for (const auto* text : {"", ".", "k", "k.", ".1", "k.x", "k.0", "k.-1", "k.1x", "k.99999999999", "k.query"}) CHECK_FALSE(Correlation::parse(text));
}

TEST_CASE("options that cannot work are refused, and their text holds no password") {
    const AmqpOptions fine{.url = "amqp://loans:se%2Fcret@broker:5673/bank%20one", .name = "loans-1"};
    const auto settings = checked(fine);
    CHECK(settings.origin() == "amqp://broker:5673/bank one");
    CHECK(settings.address.password == "se/cret");
    CHECK(settings.options.url.empty());
    CHECK(settings.options.reply_queue == "kontor.replies.loans-1");
    CHECK(checked({.url = "amqp://loans:secret:AMQP@[::1]:1/", .name = "a"}).address.password == "secret:AMQP");
    CHECK(checked({.url = "amqp://loans:secret:AMQP@[::1]:1/", .name = "a"}).origin() == "amqp://[::1]:1/");
    CHECK(checked({.url = "amqp://u:p@w@broker", .name = "a"}).address.password == "p@w");

    const auto with = [&](auto change) {
        AmqpOptions options = fine;
        change(options);
        return refusal(options);
    };
    for (const auto* url : {"", "http://x", "amqps://u:pass-word@h", "amqp://u:pass-word@", "amqp://broker", "amqp://u:pass-word@h:0", "amqp://u:pass-word@h:x",
                            "amqp://u:pass-word%@h", "amqp://u:pass-word%zz@h", "amqp://u:pass-word@h\n"}) {
        INFO(url);
        const auto why = with([&](AmqpOptions& o) { o.url = url; });
        CHECK(why.starts_with("amqp(): url "));
        CHECK(why.find("pass-word") == why.npos);
    }
    CHECK(with([](AmqpOptions& o) { o.name = ""; }).starts_with("amqp(): name must say which engine this is"));
    CHECK(with([](AmqpOptions& o) { o.reply_queue = "amq.mine"; }).starts_with("amqp(): reply_queue"));
    CHECK(with([](AmqpOptions& o) { o.routing_key = "{key}"; }).starts_with("amqp(): routing_key"));
    CHECK(with([](AmqpOptions& o) { o.routing_key = ""; }).starts_with("amqp(): routing_key"));
    CHECK(with([](AmqpOptions& o) { o.query_routing_key = ""; }) == "fine");
    CHECK(with([](AmqpOptions& o) { o.prefetch = 0; }).starts_with("amqp(): prefetch"));
    CHECK(with([](AmqpOptions& o) { o.heartbeat = Duration{1500}; }).starts_with("amqp(): heartbeat"));
    CHECK(with([](AmqpOptions& o) { o.longest_pause = Duration{1}; }).starts_with("amqp(): first_pause"));
    CHECK(with([](AmqpOptions& o) { o.max_waiting = 0; }).starts_with("amqp(): max_waiting"));
}

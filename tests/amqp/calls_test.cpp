// What becomes of calls when the broker confirms, refuses, sends back or goes away: without a broker.
#include "amqp/caller.hpp"
#include "amqp/calls.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::amqp_client;
using namespace kontor::test;
using namespace std::chrono_literals;

namespace {

struct Desk {
    std::map<std::string, std::string> said{};
    Calls calls{3};   // after what its calls answer into: those that are left are answered at its end
    std::uint64_t next_tag = 0;

    std::string add(std::uint64_t job, int attempt = 1, bool is_query = false, SteadyTime give_up = SteadyTime::max()) {
        const std::string key = "store-" + std::to_string(job), id = Correlation{key, attempt, is_query}.text();
        calls.add({.job = JobKey{job}, .is_query = is_query, .request = {.correlation_id = id, .message_id = key},
                   .reply = ports::make_reply([this, id](const ports::CallOutcome& outcome) { said[id] = to_text(outcome); }), .give_up = give_up});
        return id;
    }
    /// The ids that are sent.
    std::vector<std::string> send(std::size_t most = 100) {
        std::vector<std::string> ids;
        calls.send(most, [&](const Request& request) {
            ids.push_back(request.correlation_id);
            return std::optional{++next_tag};
        });
        return ids;
    }
    std::string answer(const std::string& id, bool counts_for_all = true) {
        const auto reply = calls.take(*Correlation::parse(id), counts_for_all);
        if (!reply) return "nobody";
        reply->complete({});
        return "taken";
    }
};

}  // namespace

TEST_CASE("a connection that breaks leaves unconfirmed calls unknown, and confirmed ones waiting") {
    Desk d;
    const auto first = d.add(1), second = d.add(2), question = d.add(3, 1, true);
    CHECK(d.send() == std::vector{first, second, question});
    d.calls.confirmed(1, false);
    d.calls.disconnected("gone");
    CHECK(d.said.size() == 1);
    CHECK(d.said[second] == "unknown the connection broke before the broker confirmed the message: gone");
    CHECK(d.send() == std::vector{question});   // asking again is harmless
    CHECK(d.answer(first) == "taken");
    CHECK(d.said[first] == "done {}");
    CHECK(d.answer(second) == "nobody");
}

TEST_CASE("one confirmation may settle many, and a refusal means that nothing happened") {
    Desk d;
    const auto first = d.add(1), second = d.add(2), third = d.add(3);
    d.send();
    d.calls.confirmed(2, true);
    d.calls.refused(3, true);
    CHECK(d.said.size() == 1);
    CHECK(d.said[third] == "failed the broker refused the message");
    d.calls.disconnected("gone");
    CHECK(d.said.size() == 1);
    d.calls.confirmed(99, false);   // of nothing
}

TEST_CASE("what nobody takes comes back, and fails when it is confirmed") {
    Desk d;
    const auto call = d.add(1), question = d.add(2, 1, true);
    d.send();
    d.calls.returned(call, "nobody takes it");
    d.calls.returned(question, "nobody takes it");
    CHECK(d.said.empty());
    d.calls.confirmed(2, true);
    CHECK(d.said[call] == "failed nobody takes it");
    CHECK(d.said[question] == "unknown nobody takes it");
}

TEST_CASE("an answer may come before the confirmation") {
    Desk d;
    const auto call = d.add(1);
    d.send();
    CHECK(d.answer(call) == "taken");
    d.calls.confirmed(1, false);
    d.calls.disconnected("gone");
    CHECK(d.said[call] == "done {}");
}

TEST_CASE("a result of another attempt is one of this step, a failure is not") {
    Desk d;
    const auto second = d.add(1, 2);
    d.send();
    CHECK(d.answer("store-1.1", false) == "nobody");
    CHECK(d.answer("store-2.1", true) == "nobody");
    CHECK(d.answer("store-1.1", true) == "taken");
    CHECK(d.said[second] == "done {}");
}

TEST_CASE("what cannot be sent goes on waiting, in order") {
    Desk d;
    const auto first = d.add(1), second = d.add(2);
    CHECK_FALSE(d.calls.send(100, [](const Request&) { return std::nullopt; }));
    d.calls.disconnected("gone");
    CHECK(d.said.empty());
    CHECK(d.send(1) == std::vector{first});
    CHECK(d.send(1).empty());   // the first is not confirmed yet
    d.calls.confirmed(1, false);
    CHECK(d.send(1) == std::vector{second});
}

TEST_CASE("a call that has waited too long fails, and what is cancelled before it was sent too") {
    Desk d;
    const auto at = std::chrono::steady_clock::now();
    const auto soon = d.add(1, 1, false, at + 1s), later = d.add(2, 1, false, at + 2s), sent = d.add(3);
    CHECK(d.calls.expire(at + 1s, "no broker") == at + 2s);
    CHECK(d.said[soon] == "failed no broker");
    d.calls.cancel(JobKey{2});
    CHECK(d.said[later] == "failed given up before the broker could be reached");
    d.send();
    d.calls.cancel(JobKey{3});
    CHECK(d.said[sent] == "unknown no answer in time");
    d.calls.cancel(JobKey{4});
}

TEST_CASE("a full desk takes no call and says when to come again") {
    Desk d;
    for (std::uint64_t job = 1; job <= 3; ++job) d.add(job);
    const auto fourth = d.add(4);
    CHECK(d.said[fourth] == "later 1000 3 calls wait for the broker already");
    d.send();
    const auto fifth = d.add(5);
    CHECK_FALSE(d.said.contains(fifth));
}

TEST_CASE("a desk that closes answers everybody") {
    Desk d;
    const auto sent = d.add(1);
    d.send();
    const auto waiting = d.add(2);
    d.calls.close();
    CHECK(d.said[sent] == "unknown the engine stops");
    CHECK(d.said[waiting] == "failed the engine stops");
    CHECK(d.said[d.add(3)] == "failed the AMQP adapter does not run");
}

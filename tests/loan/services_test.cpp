/// The bank's services: examples/loan-server/services.
#include "services/service.hpp"
#include "net/client.hpp"
#include "support/folder.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

using namespace loan;
using kontor::test::Folder;

namespace {

Request call(const std::string& operation, const std::string& key, const std::string& input) { return {"POST", "/" + operation, key, input}; }
Request see(const std::string& path) { return {"GET", "/" + path, {}, {}}; }
Request put(const std::string& body) { return {"PUT", "/behaviour", {}, body}; }

long count(BankService& service, const std::string& what) {
    return static_cast<long>(number_of(*read_object(service.handle(see("count")).body), what, -1));
}

const std::string house = R"({"applicant":7,"property":"real_estate"})";

}  // namespace

SCENARIO("what a service answers follows from its input and the seed") {
    BankService one{desk("property"), 1, {}}, same{desk("property"), 1, {}}, other{desk("property"), 2, {}};
    const auto of = [](BankService& service, int applicant) {
        const std::string number = std::to_string(applicant);
        return service.handle(call("property.value", "K" + number, R"({"applicant":)" + number + R"(,"property":"real_estate"})")).body;
    };
    int different = 0;
    for (int i = 1; i <= 50; ++i) {
        CHECK(of(one, i) == of(same, i));
        different += of(one, i) != of(other, i);
    }
    CHECK(different > 40);
}

SCENARIO("the same key gets the same answer, and nothing happens a second time") {
    BankService service{desk("decision"), 1, {}};
    const auto first = service.handle(call("decision.record", "K1", R"({"application":5,"verdict":"granted","by":"tables"})"));
    const auto again = service.handle(call("decision.record", "K1", R"({"application":5,"verdict":"granted","by":"tables"})"));
    CHECK(first.status == 200);
    CHECK(again.body == first.body);
    CHECK(count(service, "calls") == 2);
    CHECK(count(service, "keys") == 1);
    CHECK(service.handle(call("decision.record", "K1", R"({"application":6,"verdict":"granted","by":"tables"})")).status == 422);
    CHECK(count(service, "keys") == 1);
}

SCENARIO("a step that is done under two keys shows in the count") {
    BankService service{desk("credit"), 1, {}};
    service.handle(call("credit.check", "K1", R"({"applicant":5})"));
    service.handle(call("credit.check", "K2", R"({"applicant":6})"));
    CHECK(count(service, "steps") == 2);
    service.handle(call("credit.check", "K3", R"({"applicant":5})"));
    CHECK(count(service, "keys") == 3);
    CHECK(count(service, "steps") == 2);
}

SCENARIO("a service can be asked what became of a key") {
    BankService service{desk("property"), 1, {}};
    CHECK(service.handle(see("property.value/K1")).status == 404);
    const auto answer = service.handle(call("property.value", "K1", house));
    CHECK(service.handle(see("property.value/K1")).body == answer.body);
    CHECK(service.handle(see("property.value/K1")).status == 200);
    CHECK(count(service, "calls") == 1);   // a question is no call
    // What is no question must not be answered 404: that would say "it never took effect".
    CHECK(service.handle(see("property.valeu/K1")).status == 405);
}

SCENARIO("a refusal is kept and told like any other answer") {
    BankService service{desk("applications"), 1, {}};
    const auto refused = service.handle(call("application.check", "K1", R"({"applicant":5,"amount":-1,"months":12,"installment":2})"));
    CHECK(refused.status == 422);
    CHECK(text_of(*read_object(refused.body), "code") == "NOT_PLAUSIBLE");
    CHECK(service.handle(see("application.check/K1")).status == 422);
    CHECK(service.handle(call("application.check", "K2", R"({"applicant":5,"amount":1000,"months":12,"installment":2})")).status == 200);
    CHECK(service.handle(call("application.check", "K3", R"({"applicant":5,"amount":1000,"months":0,"installment":2})")).status == 422);
}

SCENARIO("every third call fails, without effect and with a time to come again") {
    BankService service{desk("credit"), 1, {.fail_every = 3}};
    std::vector<int> statuses;
    for (int i = 1; i <= 6; ++i) {
        const auto answer = service.handle(call("credit.check", "K" + std::to_string(i), R"({"applicant":)" + std::to_string(i) + "}"));
        statuses.push_back(answer.status);
        CHECK(answer.retry_after == (answer.status == 503 ? 1 : 0));
    }
    CHECK(statuses == std::vector<int>{200, 200, 503, 200, 200, 503});
    CHECK(count(service, "keys") == 4);
    CHECK(count(service, "failed") == 2);
    CHECK(service.handle(see("credit.check/K3")).status == 404);
}

SCENARIO("a service that is down cannot say when it will be back") {
    BankService service{desk("credit"), 1, {.fail_every = 1}};
    const auto answer = service.handle(call("credit.check", "K1", R"({"applicant":1})"));
    CHECK(answer.status == 503);
    CHECK(answer.retry_after == 0);
}

SCENARIO("behaviour changes while it runs, and nonsense changes nothing") {
    BankService service{desk("credit"), 1, {}};
    CHECK(service.handle(put(R"({"failEvery":2})")).body == R"({"delayMs":0,"failEvery":2})");
    CHECK(service.handle(put(R"({"delayMs":5})")).body == R"({"delayMs":5,"failEvery":2})");
    for (const char* bad : {R"({"failEvery":-1})", R"({"delayMs":"soon"})", R"({"delayMs":1.5})", R"({"delayMs":1e9})", R"({"faleEvery":1})",
                            R"({"failEvery":0,"delayMs":-1})", "[]", "{", ""})
        CHECK_THROWS_AS(service.handle(put(bad)), std::invalid_argument);
    CHECK(service.handle(see("behaviour")).body == R"({"delayMs":5,"failEvery":2})");
}

SCENARIO("while a slow service works, it says so, and a second request with the key waits for the first") {
    BankService service{desk("property"), 1, {.delay_ms = 300}};
    std::string first, second;
    std::thread one{[&] { first = service.handle(call("property.value", "K1", house)).body; }};
    while (service.handle(see("property.value/K1")).status == 404) std::this_thread::yield();
    CHECK(service.handle(see("property.value/K1")).status == 202);
    std::thread two{[&] { second = service.handle(call("property.value", "K1", house)).body; }};
    one.join();
    two.join();
    CHECK(first == second);
    CHECK(count(service, "keys") == 1);
}

SCENARIO("work that fails leaves nothing behind, and the next one with the key does it") {
    Book book;
    CHECK_THROWS(book.once("K1", []() -> Entry { throw std::runtime_error{"no"}; }));
    CHECK(book.look("K1").state == Book::State::never);
    CHECK(book.once("K1", [] { return Entry{"credit.check", "1", "", 200, "{}"}; }).answer == "{}");
}

SCENARIO("a book survives its program, and a line that was being written when it died is forgotten") {
    const Folder folder;
    const std::filesystem::path file = folder.path("books/credit.jsonl");
    const auto note = [](const std::string& subject) {
        return [=] { return Entry{"credit.check", subject, "r", 200, R"({"id":")" + subject + "\"}"}; };
    };
    {
        Book book{file};
        book.once("K1", note("1"));
        book.once("K2", note("2"));
    }
    std::ofstream{file, std::ios::app} << R"({"key":"K3","oper)";
    {
        Book book{file};
        CHECK(book.keys() == 2);
        CHECK(book.look("K2").entry.answer == R"({"id":"2"})");
        CHECK(book.once("K1", note("9")).answer == R"({"id":"1"})");
        book.once("K3", note("3"));
    }
    Book book{file};
    CHECK(book.keys() == 3);
    CHECK(book.look("K3").entry.subject == "3");
}

SCENARIO("a book with a broken line is refused with its place") {
    const Folder folder;
    const std::filesystem::path file = folder.path("credit.jsonl");
    std::ofstream{file} << "{}\nnonsense\n";
    CHECK_THROWS_WITH(Book{file}, Catch::Contains("credit.jsonl: line 2 cannot be read"));
}

SCENARIO("requests that make no sense are refused with what is wrong") {
    BankService service{desk("credit"), 1, {}};
    CHECK(service.handle(call("credit.check", "", R"({"applicant":1})")).status == 400);
    CHECK(service.handle(call("credit.check", "K1", "{}")).status == 400);
    CHECK_THROWS_AS(service.handle(call("credit.check", "K1", "nonsense")), std::invalid_argument);
    CHECK(service.handle(call("property.value", "K1", house)).status == 404);
    CHECK_THROWS_WITH(desk("kredit"), Catch::Contains("there are applications, credit, property, decision, notification"));
}

SCENARIO("the same over HTTP, with Retry-After, many callers at once, and bodies that are too large") {
    BankService service{desk("credit"), 1, {.fail_every = 5}};
    const WebServer server{"127.0.0.1:0", [&](const Request& request) { return service.handle(request); }};
    std::vector<std::thread> callers;
    std::atomic<int> refused{0};
    for (int i = 0; i < 8; ++i)
        callers.emplace_back([&, i] {
            WebClient client{server.url()};
            for (int k = 0; k < 25; ++k) {
                const std::string number = std::to_string(100 * i + k + 1);
                for (;;) {
                    const std::string body = R"({"applicant":)" + number + "}";
                    const auto reply = client.request("POST", "/credit.check", body, {{"Idempotency-Key", "K" + number}});
                    if (reply.status == 200) break;
                    if (reply.status != 503 || reply.retry_after != 1) ++refused;
                }
            }
        });
    for (auto& caller : callers) caller.join();
    CHECK(refused == 0);
    CHECK(count(service, "keys") == 200);
    CHECK(count(service, "steps") == 200);
    WebClient client{server.url()};
    CHECK(client.request("POST", "/credit.check", std::string(70'000, ' '), {{"Idempotency-Key", "L"}}).status == 413);
    CHECK(client.request("PUT", "/behaviour", "nonsense").status == 400);
    CHECK_THROWS_WITH((WebServer{"nowhere", {}}), Catch::Contains("cannot listen at nowhere"));
}

#include "http/caller.hpp"

#include "value/json.hpp"

#include <catch2/catch.hpp>

namespace kontor::test {

using namespace std::chrono_literals;

std::string Secrets::secret(std::string_view name) {
    const auto found = known.find(name);
    if (found == known.end()) throw Error{Code::not_found, "no secret " + std::string{name}};
    return found->second;
}

Caller::Caller(HttpOptions options) : adapter{http(std::move(options))} { adapter->start(secrets); }
Caller::~Caller() { adapter->stop(Instant{}); }

std::future<std::string> Caller::begin(ServiceCall::Content content) {
    if (content.idempotency_key.empty()) content = example_call();
    const auto answered = std::make_shared<std::promise<std::string>>();
    adapter->invoke(ports::make_call(std::move(content)),
                    ports::make_reply([answered](const ports::CallOutcome& outcome) { answered->set_value(to_text(outcome)); }));
    return answered->get_future();
}

std::string Caller::call(ServiceCall::Content content) {
    auto answer = begin(std::move(content));
    return wait_for(answer);
}

std::future<std::string> Caller::begin_query(ServiceCall::Content content) {
    if (content.idempotency_key.empty()) content = example_call();
    const auto answered = std::make_shared<std::promise<std::string>>();
    adapter->query(ports::make_call(std::move(content)),
                   ports::make_reply([answered](const ports::CallOutcome& outcome) { answered->set_value(to_text(outcome)); }));
    return answered->get_future();
}

std::string Caller::query(ServiceCall::Content content) {
    auto answer = begin_query(std::move(content));
    return wait_for(answer);
}

ServiceCall::Content example_call() {
    return {.input = {{"amount", "250000.00"_dec}}, .job = JobKey{7}, .attempt = 2, .service = "credit.check", .idempotency_key = "k-1"};
}

std::string wait_for(std::future<std::string>& answer) {
    REQUIRE(answer.wait_for(10s) == std::future_status::ready);
    return answer.get();
}

}  // namespace kontor::test

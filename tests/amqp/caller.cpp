#include "amqp/caller.hpp"

#include "value/json.hpp"

#include <catch2/catch.hpp>

namespace kontor::test {

using namespace std::chrono_literals;

Reply FakeEngine::reply_to(std::string_view idempotency_key, int attempt) {
    return ports::make_reply([this, name = std::string{idempotency_key} + "/" + std::to_string(attempt)](ports::CallOutcome outcome) {
        const std::scoped_lock lock{mutex_};
        late_.push_back({name + " " + to_text(outcome), outcome.after_commit});
        changed_.notify_all();
    });
}

FakeEngine::Late FakeEngine::late() {
    std::unique_lock lock{mutex_};
    REQUIRE(changed_.wait_for(lock, 90s, [this] { return !late_.empty(); }));
    Late first = std::move(late_.front());
    late_.erase(late_.begin());
    return first;
}

std::string FakeEngine::secret(std::string_view name) {
    const auto found = secrets.find(name);
    if (found == secrets.end()) throw Error{Code::not_found, "no secret " + std::string{name}};
    return found->second;
}

Caller::Caller(AmqpOptions options, std::map<std::string, std::string, std::less<>> secrets) : adapter{amqp(std::move(options))} {
    engine.secrets = std::move(secrets);
    adapter->start(engine);
}
Caller::~Caller() { adapter->stop(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()) + 1s); }

namespace {

std::pair<Reply, std::future<std::string>> reply() {
    const auto answered = std::make_shared<std::promise<std::string>>();
    auto future = answered->get_future();
    auto made = ports::make_reply([answered](const ports::CallOutcome& outcome) {
        answered->set_value(to_text(outcome));
        if (outcome.after_commit) outcome.after_commit({});
    });
    return {std::move(made), std::move(future)};
}

}  // namespace

std::future<std::string> Caller::begin(ServiceCall::Content content) {
    auto [made, future] = reply();
    adapter->invoke(ports::make_call(std::move(content)), std::move(made));
    return std::move(future);
}

std::future<std::string> Caller::begin_query(ServiceCall::Content content) {
    auto [made, future] = reply();
    adapter->query(ports::make_call(std::move(content)), std::move(made));
    return std::move(future);
}

ServiceCall::Content call_of(const std::string& service, std::uint64_t job, int attempt) {
    ServiceCall::Content content;
    content.input = {{"amount", "250000.00"_dec}};
    content.job = JobKey{job};
    content.attempt = attempt;
    content.service = service;
    content.idempotency_key = "store-" + std::to_string(job);
    content.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    content.deadline = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()) + 120s;
    return content;
}

std::string wait_for(std::future<std::string>& answer) {
    REQUIRE(answer.wait_for(90s) == std::future_status::ready);   // a broker on a busy machine may take long to come back
    return answer.get();
}

}  // namespace kontor::test

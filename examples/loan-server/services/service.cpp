#include "services/service.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <thread>

namespace loan {
namespace {

constexpr int longest_delay_ms = 60'000;
constexpr int largest_count = 1'000'000;

Response problem(int status, const std::string& detail) {
    Object body;
    body.set("detail", detail);
    return {status, write(body)};
}

Response say(const Object& body) { return {200, write(body)}; }

int within(const std::string& name, double value, int most) {
    if (value >= 0 && value <= most && value == std::floor(value)) return static_cast<int>(value);
    throw std::invalid_argument{name + " must be a whole number from 0 to " + std::to_string(most)};
}

}  // namespace

BankService::BankService(const Desk& desk, unsigned seed, Behaviour behaviour, const std::filesystem::path& book)
    : desk_{desk}, seed_{seed}, fail_every_{within("failEvery", behaviour.fail_every, largest_count)},
      delay_ms_{within("delayMs", behaviour.delay_ms, longest_delay_ms)}, book_{book} {}

Response BankService::handle(const Request& request) {
    const std::string path = request.path.empty() ? "" : request.path.substr(1);
    if (path == "behaviour" && request.method == "PUT") {
        change(*read_object(request.body));
        return behaviour();
    }
    if (request.method == "POST" && offers(desk_, path)) return call(path, request);
    if (request.method != "GET") return problem(404, "there is no " + request.method + " /" + path);
    if (path == "behaviour") return behaviour();
    if (path == "count") return count();
    return query(path);
}

Response BankService::call(const std::string& operation, const Request& request) {
    const long number = ++calls_;
    const int every = fail_every_;
    if (every > 0 && number % every == 0) {
        ++failed_;
        Response busy = problem(503, "this service fails because it was told to");
        // Now and then: the next attempt will do. Always: it cannot say when it will be back, so its callers' patience counts.
        if (every > 1) busy.retry_after = 1;
        return busy;
    }
    const std::string& key = request.idempotency_key;
    if (key.empty() || std::ranges::any_of(key, [](unsigned char c) { return c <= ' ' || c > '~'; }))
        return problem(400, "a call needs the header Idempotency-Key, of visible ASCII signs");
    const Object::Ptr input = read_object(request.body);
    const std::string subject = text_of(*input, std::string{desk_.subject},
                                        text_of(*input, "application"));   // of a note to the clerks
    if (subject.empty()) return problem(400, "the input lacks " + std::string{desk_.subject});
    const std::string request_digest = std::to_string(digest(operation + ' ' + write(*input)));
    const Entry entry = book_.once(request.idempotency_key, [&] {
        std::this_thread::sleep_for(std::chrono::milliseconds{delay_ms_});
        Outcome outcome = desk_.work(operation, *input, seed_);
        return Entry{operation, subject, request_digest, outcome.status, std::move(outcome.body)};
    });
    if (entry.request != request_digest) return problem(422, "this Idempotency-Key was used for another request");
    return {entry.status, entry.answer};
}

Response BankService::query(const std::string& path) const {
    const auto slash = path.find('/');
    if (slash == std::string::npos || !offers(desk_, path.substr(0, slash))) return problem(405, "there is nothing to see at /" + path);
    const auto known = book_.look(path.substr(slash + 1));
    switch (known.state) {
        case Book::State::never: return problem(404, "no call with this key took effect");
        case Book::State::working: return {202, "{}"};
        case Book::State::done: return {known.entry.status, known.entry.answer};
    }
    throw std::logic_error{"a state of a call that nobody knows"};
}

Response BankService::behaviour() const {
    Object body;
    body.set("failEvery", fail_every_.load());
    body.set("delayMs", delay_ms_.load());
    return say(body);
}

void BankService::change(const Object& wanted) {
    for (const auto& [name, value] : wanted)
        if (name != "failEvery" && name != "delayMs") throw std::invalid_argument{"there is no " + name + "; there are failEvery and delayMs"};
    const int fail_every = within("failEvery", wanted.has("failEvery") ? number_of(wanted, "failEvery", -1) : fail_every_.load(), largest_count);
    const int delay_ms = within("delayMs", wanted.has("delayMs") ? number_of(wanted, "delayMs", -1) : delay_ms_.load(), longest_delay_ms);
    fail_every_ = fail_every;
    delay_ms_ = delay_ms;
}

Response BankService::count() const {
    Object body;
    body.set("calls", calls_.load());
    body.set("failed", failed_.load());
    body.set("keys", book_.keys());
    body.set("steps", book_.steps());
    return say(body);
}

}  // namespace loan

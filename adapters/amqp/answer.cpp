#include "amqp/answer.hpp"

#include "value/json.hpp"

#include <charconv>

namespace kontor::amqp_client {

namespace {

using Done = Reply::Target::Done;
using Failed = Reply::Target::Failed;
using Unknown = Reply::Target::Unknown;
using NeverHappened = Reply::Target::NeverHappened;

std::optional<Variables> json_object(std::string_view text) {
    if (text.empty()) return Variables{};
    try {
        const Value value = json::parse(text);
        if (const auto* object = value.if_context()) return *object;
    } catch (const Error&) {   // what is wrong with it would quote the answer
    }
    return std::nullopt;
}

std::string text_of(const Variables& object, std::string_view name) {
    const Value* value = object.find(name);
    return value && value->if_string() ? *value->if_string() : std::string{};
}

BusinessError business_error(std::string code, const Variables& object) {
    if (const Value* data = object.find("data"); data && data->if_context()) return {std::move(code), text_of(object, "message"), *data->if_context()};
    Variables rest = object;
    rest.erase("message");
    return {std::move(code), text_of(object, "message"), std::move(rest)};
}

/// Nothing for a number of seconds that is none, or more than a year.
std::optional<Duration> seconds(std::string_view text) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number > 366 * 86'400) return std::nullopt;
    return std::chrono::seconds{number};
}

ports::CallOutcome meaning_of_outcome(std::string_view outcome, const Delivery& delivery, const std::optional<Variables>& object) {
    const std::string said = object ? text_of(*object, "message") : std::string{};
    const std::string why = said.empty() ? "the service answered " + std::string{outcome} : said;
    if (outcome == "failed") return Failed{why};
    if (outcome == "retry-later") return RetryLater{seconds(delivery.retry_after.value_or("")).value_or(Duration{}), why};
    if (outcome == "permanent") return Permanent{why};
    if (outcome == "never-happened") return NeverHappened{};
    if (outcome == "unknown") return Unknown{why};
    return Unknown{"the service answered with a kontor-outcome that is none of failed, retry-later, permanent, never-happened, unknown"};
}

}  // namespace

ports::CallOutcome meaning_of_call(const Delivery& delivery) {
    if (delivery.is_too_large) return Unknown{"the service answered with more bytes than max_answer allows"};
    auto object = json_object(delivery.body);
    // A code or an outcome is an answer, whatever stands in the body.
    if (delivery.error && !delivery.error->empty()) return business_error(*delivery.error, object.value_or(Variables{}));
    if (delivery.error) return Unknown{"the service answered with a kontor-error that has no code"};
    if (delivery.outcome) return meaning_of_outcome(*delivery.outcome, delivery, object);
    if (object) return Done{std::move(*object)};
    return Unknown{"the service answered with a body that is no JSON object"};
}

ports::CallOutcome meaning_of_query(const Delivery& delivery) {
    auto outcome = meaning_of_call(delivery);
    const bool is_known = std::holds_alternative<Done>(outcome) || std::holds_alternative<BusinessError>(outcome) ||
                          std::holds_alternative<NeverHappened>(outcome) || std::holds_alternative<Unknown>(outcome);
    if (is_known) return outcome;
    return Unknown{"the service was asked what became of the call and answered " + delivery.outcome.value_or("something else")};
}

}  // namespace kontor::amqp_client

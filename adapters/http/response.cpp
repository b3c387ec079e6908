#include "http/response.hpp"

#include "http/retry_after.hpp"
#include "value/json.hpp"

namespace kontor::http_client {

namespace {

using Done = Reply::Target::Done;
using Failed = Reply::Target::Failed;
using Unknown = Reply::Target::Unknown;
using NeverHappened = Reply::Target::NeverHappened;

std::string sentence(const Response& response, const Reading& reading, std::string_view more = "") {
    return reading.origin + " answered with status " + std::to_string(response.status) + std::string{more};
}

std::optional<Variables> json_object(std::string_view text) {
    try {
        const Value value = json::parse(text);
        if (const auto* object = value.if_context()) return *object;
    } catch (const Error&) {   // what is wrong with it would quote the answer
    }
    return std::nullopt;
}

std::optional<std::string> text_of(const Variables& object, std::string_view name) {
    const Value* value = object.find(name);
    if (!value || !value->if_string() || value->if_string()->empty()) return std::nullopt;
    return *value->if_string();
}

/// The service's `data`, or all that it says besides code and message.
Variables data_of(const Variables& object) {
    if (const Value* data = object.find("data"); data && data->if_context()) return *data->if_context();
    Variables rest = object;
    rest.erase("code");
    rest.erase("message");
    return rest;
}

/// `{code, message, data}`, or problem details (RFC 9457) with a member `code`.
std::optional<BusinessError> business_error(const Response& response) {
    const auto object = json_object(response.body);
    const auto code = object ? text_of(*object, "code") : std::nullopt;
    if (!code) return std::nullopt;
    auto message = text_of(*object, "message");
    if (!message) message = text_of(*object, "detail");
    if (!message) message = text_of(*object, "title");
    return BusinessError{*code, message.value_or(""), data_of(*object)};
}

ports::CallOutcome completed(const Response& response, const Reading& reading) {
    if (response.body.empty() && response.has_length) return Done{};
    if (response.body.empty()) return Unknown{sentence(response, reading, " and closed the connection where a body could have been")};
    if (auto result = json_object(response.body)) return Done{std::move(*result)};
    // It took effect, most likely: saying that it failed would leave it uncompensated, and repeating it is for its contract to allow.
    return Unknown{sentence(response, reading, " and a body that is no JSON object")};
}

/// Of a status that may carry a business error and does not.
HttpMeaning without_code(int status, bool has_retry_after) noexcept {
    if (status == 409) return HttpMeaning::unknown;   // often: an earlier attempt with this key is still running
    if (status == 422) return HttpMeaning::permanent;
    return default_meaning(status, has_retry_after);
}

HttpMeaning meaning_of_status(const Response& response, const Reading& reading) {
    if (const auto own = reading.statuses.find(response.status); own != reading.statuses.end()) return own->second;
    return default_meaning(response.status, response.retry_after.has_value());
}

}  // namespace

HttpMeaning default_meaning(int status, bool has_retry_after) noexcept {
    switch (status) {
        case 206: return HttpMeaning::unknown;
        case 307: case 308: return HttpMeaning::permanent;   // the only redirects that say that nothing was done
        case 408: case 425: case 429: return HttpMeaning::failed;
        case 409: case 422: return HttpMeaning::business_error;
        case 501: case 505: return HttpMeaning::permanent;
        // Without Retry-After it may come from a proxy that lost the service while it worked.
        case 503: return has_retry_after ? HttpMeaning::failed : HttpMeaning::unknown;
        default: break;
    }
    if (status >= 200 && status < 300) return HttpMeaning::completed;
    if (status >= 400 && status < 500) return HttpMeaning::permanent;
    return HttpMeaning::unknown;
}

ports::CallOutcome meaning_of_call(const Response& response, const Reading& reading, Instant now) {
    HttpMeaning meaning = meaning_of_status(response, reading);
    if (meaning == HttpMeaning::business_error) {
        if (auto error = business_error(response)) return std::move(*error);
        meaning = without_code(response.status, response.retry_after.has_value());
    }
    if (response.status == 202 && meaning == HttpMeaning::completed && reading.accepted_within) return Later{*reading.accepted_within};
    switch (meaning) {
        case HttpMeaning::completed: return completed(response, reading);
        case HttpMeaning::permanent: return Permanent{sentence(response, reading)};
        case HttpMeaning::failed:
            if (const auto after = parse_retry_after(response.retry_after.value_or(""), now)) return RetryLater{*after, sentence(response, reading)};
            return Failed{sentence(response, reading)};
        case HttpMeaning::business_error:
        case HttpMeaning::unknown: break;
    }
    return Unknown{sentence(response, reading)};
}

ports::CallOutcome meaning_of_query(const Response& response, const Reading& reading) {
    if (response.status == 200 || response.status == 204) return completed(response, reading);
    if (response.status == 404) return NeverHappened{};
    if (meaning_of_status(response, reading) == HttpMeaning::business_error)
        if (auto error = business_error(response)) return std::move(*error);
    return Unknown{sentence(response, reading, " when asked what became of the call")};
}

bool is_worth_asking_again(int status) noexcept {
    return status == 202 || status == 408 || status == 409 || status == 425 || status == 429 || status >= 500;
}

}  // namespace kontor::http_client

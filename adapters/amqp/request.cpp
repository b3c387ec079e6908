#include "amqp/request.hpp"

#include "value/json.hpp"
#include "value/temporal_text.hpp"

#include <kontor/error.hpp>

#include <charconv>

namespace kontor::amqp_client {

namespace {

constexpr std::string_view query_mark = ".query";

Request request(const Settings& settings, const ServiceCall& call, const std::string& key_template, bool is_query) {
    Request out{.exchange = settings.options.exchange,
                .routing_key = expanded(key_template, call.service()),
                .correlation_id = Correlation{std::string{call.idempotency_key()}, call.attempt(), is_query}.text(),
                .message_id = std::string{call.idempotency_key()},
                .type = std::string{call.service()},
                .deadline = call.deadline()};
    for (const auto* text : {&out.routing_key, &out.correlation_id, &out.message_id, &out.type})
        if (text->size() > longest_short_text) throw Error{Code::bad_input, "the name of the service, its routing key or the idempotency key has more than 255 bytes"};
    out.headers.emplace_back("idempotency-key", call.idempotency_key());
    out.headers.emplace_back("kontor-attempt", std::to_string(call.attempt()));
    if (call.deadline() != Instant{}) out.headers.emplace_back("kontor-deadline", to_string(call.deadline()));
    if (!call.traceparent().empty()) out.headers.emplace_back("traceparent", call.traceparent());
    if (const auto undone = call.compensates()) {
        out.headers.emplace_back("kontor-compensates", undone->idempotency_key);
        out.headers.emplace_back("kontor-compensated-outcome", undone->outcome_known ? "known" : "unknown");
    }
    return out;
}

}  // namespace

std::string Correlation::text() const { return key + "." + std::to_string(attempt) + std::string{is_query ? query_mark : ""}; }

std::optional<Correlation> Correlation::parse(std::string_view text) {
    Correlation out;
    if (text.ends_with(query_mark)) {
        out.is_query = true;
        text.remove_suffix(query_mark.size());
    }
    const auto dot = text.rfind('.');
    if (dot == text.npos || dot == 0) return std::nullopt;
    const auto number = text.substr(dot + 1);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), out.attempt);
    if (error != std::errc{} || end != number.data() + number.size() || out.attempt < 1) return std::nullopt;
    out.key = text.substr(0, dot);
    return out;
}

Request call_request(const Settings& settings, const ServiceCall& call) {
    Request out = request(settings, call, settings.options.routing_key, false);
    out.body = json::write(Value{call.input()});
    return out;
}

Request query_request(const Settings& settings, const ServiceCall& call) {
    Request out = request(settings, call, settings.options.query_routing_key, true);
    out.body = "{}";
    return out;
}

}  // namespace kontor::amqp_client

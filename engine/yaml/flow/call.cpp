// Calls of services and how they are repeated.
#include "model/service_name.hpp"
#include "yaml/flow/reading.hpp"

#include <algorithm>
#include <array>

namespace kontor::yaml {

namespace {

constexpr std::array<Key, 4> retry_table{{{"attempts", Shape::count, "how often in all; 1 is no repetition"},
                                          {"backoff", Shape::duration, "wait before the second attempt; doubled after each"},
                                          {"maxBackoff", Shape::duration, "the longest wait"},
                                          {"onExhausted", Shape::text,
                                              "the BPMN error that is thrown then; without it an incident"}}};
constexpr std::array<Key, 3> call_table{{{"service", Shape::text, "name of the service that is called", required},
                                         {"retry", Shape::retry, "how a failed call is repeated"},
                                         {"timeout", Shape::duration, "how long one attempt may take; overrides `services:`"}}};

/// The declaration that says most.
const model::ServiceDeclaration* declaration_of(const model::Process& process, std::string_view service) {
    const model::ServiceDeclaration* best = nullptr;
    for (const auto& declaration : process.services)
        if (model::service_fits(declaration.pattern, service) && (!best || model::says_more(declaration.pattern, best->pattern)))
            best = &declaration;
    return best;
}

}  // namespace

Keys retry_keys() { return retry_table; }
Keys call_keys() { return call_table; }

model::RetryPolicy read_retry(const Site& site, const Node& node, model::RetryPolicy base) {
    if (!expect_map(site, node, "retry", "a mapping such as { attempts: 3, backoff: PT1S }")) return base;
    const Fields fields{site, node, "retry", {retry_table}};
    if (const Node* attempts = fields["attempts"]) base.attempts =
        read_count(site, *attempts, "attempts").value_or(base.attempts);
    if (const Node* backoff = fields["backoff"]) base.backoff = read_duration(site, *backoff, "backoff").value_or(base.backoff);
    if (const Node* longest = fields["maxBackoff"]) base.max_backoff =
        read_duration(site, *longest, "maxBackoff").value_or(base.max_backoff);
    if (const Node* code = fields["onExhausted"]) base.on_exhausted = read_text(site, *code, "onExhausted");
    base.max_backoff = std::max(base.max_backoff, base.backoff);
    return base;
}

std::optional<model::Call> read_call(const ElementContext& context) {
    const Site& site = context.reading.site;
    const Node* service = context.fields["service"];
    auto name = service ? read_text(site, *service, "service") : std::nullopt;
    if (!name) return std::nullopt;
    model::Call call;
    call.retry = context.reading.retry;
    if (const auto* declared = declaration_of(context.reading.process, *name)) {
        call.contract = declared->contract;
        call.timeout = declared->timeout;
    }
    call.service = std::move(*name);
    if (const Node* retry = context.fields["retry"]) call.retry = read_retry(site, *retry, call.retry);
    if (const Node* timeout = context.fields["timeout"]) call.timeout = read_duration(site, *timeout, "timeout");
    return call;
}

}  // namespace kontor::yaml

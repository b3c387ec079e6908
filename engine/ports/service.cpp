#include "ports/service.hpp"

namespace kontor {

const Variables& ServiceCall::input() const noexcept { return content_->input; }
JobKey ServiceCall::job() const noexcept { return content_->job; }
InstanceKey ServiceCall::instance() const noexcept { return content_->instance; }
int ServiceCall::attempt() const noexcept { return content_->attempt; }
std::string_view ServiceCall::service() const noexcept { return content_->service; }
std::string_view ServiceCall::element() const noexcept { return content_->element; }
std::string_view ServiceCall::process() const noexcept { return content_->process; }
std::string_view ServiceCall::business_key() const noexcept { return content_->business_key; }
std::string_view ServiceCall::idempotency_key() const noexcept { return content_->idempotency_key; }
std::string_view ServiceCall::traceparent() const noexcept { return content_->traceparent; }
Instant ServiceCall::deadline() const noexcept { return content_->deadline; }
std::stop_token ServiceCall::stop_token() const noexcept { return content_->stop; }
std::optional<CompensatedCall> ServiceCall::compensates() const { return content_->compensates; }

void Reply::complete(Variables result) const { target_->answer(Target::Done{std::move(result)}); }
void Reply::defer(Later later) const { target_->answer(later); }
void Reply::business_error(BusinessError error) const { target_->answer(std::move(error)); }
void Reply::fail(std::string message) const { target_->answer(Target::Failed{std::move(message)}); }
void Reply::fail(RetryLater later) const { target_->answer(std::move(later)); }
void Reply::fail(Permanent permanent) const { target_->answer(std::move(permanent)); }
void Reply::unknown(std::string why) const { target_->answer(Target::Unknown{std::move(why)}); }
void Reply::never_happened() const { target_->answer(Target::NeverHappened{}); }

std::string_view to_string(Published published) noexcept {
    switch (published) {
        case Published::correlated: return "correlated";
        case Published::started: return "started";
        case Published::buffered: return "buffered";
        case Published::discarded: return "discarded";
        case Published::duplicate: return "duplicate";
    }
    return "?";
}

}  // namespace kontor

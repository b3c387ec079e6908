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

namespace {

Reply::Target::Outcome outcome(Reply::Target::Outcome said, const Reply::AfterCommit& after_commit) {
    said.after_commit = after_commit;
    return said;
}

}  // namespace

void Reply::complete(Variables result) const { target_->answer(outcome(Target::Done{std::move(result)}, after_commit_)); }
void Reply::defer(Later later) const { target_->answer(outcome(later, after_commit_)); }
void Reply::business_error(BusinessError error) const { target_->answer(outcome(std::move(error), after_commit_)); }
void Reply::fail(std::string message) const { target_->answer(outcome(Target::Failed{std::move(message)}, after_commit_)); }
void Reply::fail(RetryLater later) const { target_->answer(outcome(std::move(later), after_commit_)); }
void Reply::fail(Permanent permanent) const { target_->answer(outcome(std::move(permanent), after_commit_)); }
void Reply::unknown(std::string why) const { target_->answer(outcome(Target::Unknown{std::move(why)}, after_commit_)); }
void Reply::never_happened() const { target_->answer(outcome(Target::NeverHappened{}, after_commit_)); }

Reply Reply::then(AfterCommit after_commit) const {
    Reply told{*this};
    told.after_commit_ = std::move(after_commit);
    return told;
}

namespace ports {
namespace {

struct Say {
    const Reply& reply;
    void operator()(Reply::Target::Done& done) const { reply.complete(std::move(done.result)); }
    void operator()(Later& later) const { reply.defer(later); }
    void operator()(BusinessError& error) const { reply.business_error(std::move(error)); }
    void operator()(Reply::Target::Failed& failed) const { reply.fail(std::move(failed.message)); }
    void operator()(RetryLater& later) const { reply.fail(std::move(later)); }
    void operator()(Permanent& permanent) const { reply.fail(std::move(permanent)); }
    void operator()(Reply::Target::Unknown& unknown) const { reply.unknown(std::move(unknown.why)); }
    void operator()(Reply::Target::NeverHappened&) const { reply.never_happened(); }
};

}  // namespace

void give(const Reply& reply, CallOutcome outcome) { std::visit(Say{reply}, static_cast<Reply::Target::Said&>(outcome)); }

}  // namespace ports

void Reply::fail(std::exception_ptr thrown) const {
    try {
        std::rethrow_exception(std::move(thrown));
    } catch (const BusinessError& error) {
        business_error(error);
    } catch (const RetryLater& later) {
        fail(later);
    } catch (const Permanent& permanent) {
        fail(permanent);
    } catch (const Error& error) {
        // Reading an input that is not there or has another type cannot get better by itself.
        if (error.code() == Code::bad_input) fail(Permanent{error.what()});
        else fail(std::string{error.what()});
    } catch (const std::exception& error) {
        fail(std::string{error.what()});
    } catch (...) {
        fail(std::string{"the handler threw something that is no exception"});
    }
}

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

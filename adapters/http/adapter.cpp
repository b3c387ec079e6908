#include "http/adapter.hpp"

#include "http/request.hpp"

#include <chrono>

namespace kontor::http_client {

namespace {

Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

/// Until when this call may take: the engine's limit and ours.
Instant deadline_of(const ServiceCall& call, Instant at, Duration timeout) {
    const Instant ours = at + timeout;
    return call.deadline() == Instant{} ? ours : std::min(call.deadline(), ours);
}

ports::CallOutcome outcome_of_call(const Ending& ending, const Reading& reading) {
    if (const auto* response = std::get_if<Response>(&ending)) return meaning_of_call(*response, reading, now());
    if (const auto* not_sent = std::get_if<NotSent>(&ending)) return Reply::Target::Failed{not_sent->why};
    return Reply::Target::Unknown{std::get<Lost>(ending).why};
}

ports::CallOutcome outcome_of_query(const Ending& ending, const Reading& reading) {
    if (const auto* response = std::get_if<Response>(&ending)) return meaning_of_query(*response, reading);
    if (const auto* not_sent = std::get_if<NotSent>(&ending)) return Reply::Target::Unknown{not_sent->why};
    return Reply::Target::Unknown{std::get<Lost>(ending).why};
}

/// No answer, or one that says that it is too early.
bool may_change(const Ending& ending) {
    if (const auto* response = std::get_if<Response>(&ending)) return is_worth_asking_again(response->status);
    if (const auto* not_sent = std::get_if<NotSent>(&ending)) return !not_sent->cancelled;
    return !std::get<Lost>(ending).cancelled;
}

constexpr Duration first_pause{250}, longest_pause{30'000};

}  // namespace

/// What became of a call is asked until it is known, within limits: what lost the call mostly still is in the way of the first query.
struct HttpAdapter::Query {
    ServiceCall call;
    Reply reply;
    std::chrono::steady_clock::time_point until;
    Duration after{};
    Duration next_pause = first_pause;
};

HttpAdapter::HttpAdapter(Settings settings, std::unique_ptr<StreamFactory> streams)
    : settings_{std::move(settings)}, streams_{std::move(streams)} {}

HttpAdapter::Running HttpAdapter::running() const {
    const std::scoped_lock lock{mutex_};
    return running_;
}

void HttpAdapter::start(Inbound& inbound) {
    const std::scoped_lock lock{mutex_};
    if (running_.inbound) return;
    running_ = {std::make_shared<Client>(settings_, *streams_), &inbound};
}

void HttpAdapter::invoke(ServiceCall call, Reply reply) {
    const Running here = running();
    if (!here.inbound) return reply.fail("the HTTP adapter does not run");
    const Instant at = now(), deadline = deadline_of(call, at, settings_.timeout);
    if (deadline <= at) return reply.fail("the deadline had passed before the call was made");
    try {
        const auto secrets = [&](std::string_view name) { return here.inbound->secret(name); };
        Request request{.text = call_request(settings_, call, deadline, secrets), .timeout = deadline - at};
        here.client->send(call.job(), std::move(request), call.stop_token(),
                          [this, reply](const Ending& ending) { ports::give(reply, outcome_of_call(ending, settings_.reading)); });
    } catch (const Error& error) {
        error.retryable() ? reply.fail(error.what()) : reply.fail(Permanent{error.what()});
    } catch (const std::exception&) {
        reply.fail("no secret to be had");   // whatever a host's vault throws: its text may be the secret's
    }
}

void HttpAdapter::query(ServiceCall call, Reply reply) {
    const Running here = running();
    if (!here.inbound) return reply.unknown("the HTTP adapter does not run");
    if (settings_.query_path.empty()) return reply.unknown("http() has no query_path: " + settings_.reading.origin + " cannot be asked");
    ask(*here.client, *here.inbound, {std::move(call), std::move(reply), std::chrono::steady_clock::now() + settings_.query_within});
}

void HttpAdapter::ask(Client& client, Inbound& inbound, Query query) {
    const Reply reply = query.reply;
    try {
        const auto secrets = [&](std::string_view name) { return inbound.secret(name); };
        Request request{.text = query_request(settings_, query.call, now() + query.after + settings_.timeout, secrets),
                        .timeout = settings_.timeout, .after = query.after, .repeatable = true};
        const JobKey job = query.call.job();
        const auto stop = query.call.stop_token();
        client.send(job, std::move(request), stop, [this, &client, &inbound, query = std::move(query)](const Ending& ending) {
            auto outcome = outcome_of_query(ending, settings_.reading);
            const bool is_open = std::holds_alternative<Reply::Target::Unknown>(outcome) && may_change(ending);
            const bool in_time = std::chrono::steady_clock::now() + query.next_pause <= query.until;
            if (!is_open || !in_time) return ports::give(query.reply, std::move(outcome));
            ask(client, inbound, {query.call, query.reply, query.until, query.next_pause, std::min(query.next_pause * 2, longest_pause)});
        });
    } catch (const std::exception&) {
        reply.unknown("the query could not be made: no secret, or text that fits in no header");
    }
}

void HttpAdapter::cancel(JobKey job) {
    if (const Running here = running(); here.client) here.client->cancel(job);
}

void HttpAdapter::stop(Instant deadline) {
    const Running here = running();
    if (!here.client) return;
    here.client->stop(deadline);
    const std::scoped_lock lock{mutex_};
    running_.inbound = nullptr;   // the client stays until the next start or the end: its destructor may have to wait for a name
}

}  // namespace kontor::http_client

namespace kontor {

std::shared_ptr<Adapter> http(HttpOptions options) {
    auto settings = http_client::checked(options);
    auto streams = settings.url.tls ? http_client::tls_streams(options, settings.url.host) : http_client::plain_streams();
    return std::make_shared<http_client::HttpAdapter>(std::move(settings), std::move(streams));
}

}  // namespace kontor

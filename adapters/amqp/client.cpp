#include "amqp/client.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace kontor::amqp_client {

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t most_unconfirmed = 500;   // more make nothing faster
constexpr int most_read_at_once = 500;

Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

}  // namespace

Client::Client(const Settings& settings, Inbound& inbound)
    : settings_{settings}, inbound_{inbound}, calls_{settings_.options.max_waiting}, receipts_{std::make_shared<Receipts>()},
      pause_{settings_.options.first_pause}, thread_{[this] { run(); }} {}

Client::~Client() { stop(Instant{}); }

void Client::send(Calls::Call call) {
    calls_.add(std::move(call));
    receipts_->wake();
}

// ---- the thread -------------------------------------------------------------------------------------------------------------

void Client::run() {
    const auto is_stopping = [this] {
        const std::scoped_lock lock{mutex_};
        return stopping_;
    };
    while (!is_stopping()) connection_ ? work() : be_without_connection();
    // Answers that the engine has got: if they become durable in time, the broker need not send them again. Others are left to it.
    draining_ = true;
    while (connection_ && Steady::now() < stop_by_ && receipts_->open() > 0) {
        if (!acknowledge()) break;
        if (const auto why = read()) break;
        wait(stop_by_);
    }
    if (connection_ && acknowledge()) connection_->close(std::max(std::chrono::duration_cast<Duration>(stop_by_ - Steady::now()), Duration{200}));
    calls_.close();
    const std::scoped_lock lock{mutex_};
    socket_ = -1;
    connection_.reset();
    ended_ = true;
    changed_.notify_all();
}

std::string Client::password() const {
    constexpr std::string_view mark = "secret:";
    const std::string& password = settings_.address.password;
    if (!password.starts_with(mark)) return password;
    try {
        std::string secret = inbound_.secret(std::string_view{password}.substr(mark.size()));
        while (secret.ends_with('\n') || secret.ends_with('\r')) secret.pop_back();   // as files end
        return secret;
    } catch (const std::exception&) {   // whatever a host's vault throws: its text may be the secret's
        throw NoConnection{settings_.origin() + ": no secret to be had for the password", true};
    }
}

void Client::be_without_connection() {
    try {
        connection_ = std::make_unique<Connection>(settings_, password());
        receipts_->begin_connection();
        blocked_ = false;
        pause_ = settings_.options.first_pause;
        const std::scoped_lock lock{mutex_};
        socket_ = connection_->socket();
        return;
    } catch (const NoConnection& error) {
        why_not_ = error.what();
        if (error.is_refusal()) calls_.fail_waiting(why_not_);
    }
    // Between half and the whole: engines that lost the same broker do not come back at the same moment.
    const auto whole = pause_.count();
    const auto until = Steady::now() + Duration{whole / 2 + std::uniform_int_distribution<Duration::rep>{0, whole - whole / 2}(random_)};
    pause_ = std::min(pause_ * 2, settings_.options.longest_pause);
    while (Steady::now() < until) {
        const auto due = calls_.expire(Steady::now(), why_not_);
        wait(std::min(due, until));
        const std::scoped_lock lock{mutex_};
        if (stopping_) return;
    }
}

void Client::work() {
    if (!acknowledge()) return lose("the connection broke");
    if (!blocked_) {
        const bool is_well = calls_.send(most_unconfirmed, [this](const Request& request) { return connection_->publish(request, now()); });
        if (!is_well) {
            // What the broker said before it went is still to be read, and says more.
            const auto why = read();
            return lose(why.value_or(settings_.origin() + ": the connection broke"));
        }
    }
    if (const auto why = read()) return lose(*why);
    SteadyTime until = Steady::now() + settings_.options.heartbeat / 4;
    if (blocked_) until = std::min(until, calls_.expire(Steady::now(), settings_.origin() + " takes no messages: it has no room"));
    wait(until);
}

void Client::wait(SteadyTime until) {
    until = std::min(until, receipts_->next_due());
    if (connection_ && connection_->has_input()) return;
    const auto left = std::chrono::duration_cast<Duration>(until - Steady::now()) + Duration{1};
    std::array<pollfd, 2> watched{{{receipts_->descriptor(), POLLIN, 0}, {connection_ ? connection_->socket() : -1, POLLIN, 0}}};
    ::poll(watched.data(), watched.size(), static_cast<int>(std::clamp<Duration::rep>(left.count(), 0, 60'000)));
    if (watched[0].revents) receipts_->sleep();
}

bool Client::acknowledge() {
    const auto settled = receipts_->take(Steady::now());
    const auto ack = [this](std::uint64_t delivery) { return connection_->acknowledge(delivery); };
    const auto give_back = [this](std::uint64_t delivery) { return connection_->give_back(delivery); };
    return std::ranges::all_of(settled.acknowledge, ack) && std::ranges::all_of(settled.give_back, give_back);
}

void Client::lose(const std::string& why) {
    {
        const std::scoped_lock lock{mutex_};
        socket_ = -1;
        connection_.reset();
    }
    why_not_ = why;
    receipts_->begin_connection();
    calls_.disconnected(why);
}

// ---- what the broker says -----------------------------------------------------------------------------------------------------

std::optional<std::string> Client::read() {
    for (int i = 0; i < most_read_at_once; ++i) {
        auto incoming = connection_->next();
        if (!incoming) return std::nullopt;
        if (auto why = take(std::move(*incoming))) return why;
    }
    return std::nullopt;
}

std::optional<std::string> Client::take(Incoming incoming) {
    if (auto* delivery = std::get_if<Delivery>(&incoming)) {
        if (!draining_) take(std::move(*delivery));
        return std::nullopt;
    }
    if (const auto* confirmed = std::get_if<Confirmed>(&incoming)) calls_.confirmed(confirmed->tag, confirmed->multiple);
    else if (const auto* refused = std::get_if<Refused>(&incoming)) calls_.refused(refused->tag, refused->multiple);
    else if (auto* returned = std::get_if<Returned>(&incoming)) calls_.returned(returned->correlation_id, std::move(returned->why));
    else if (const auto* blocked = std::get_if<Blocked>(&incoming)) blocked_ = blocked->is_blocked;
    else return std::get<Lost>(incoming).why;
    return std::nullopt;
}

void Client::take(Delivery delivery) {
    receipts_->hand_over();
    const auto told = [receipts = receipts_, connection = receipts_->connection(), tag = delivery.tag](const Result<void>& result) {
        receipts->settled(connection, tag, result);
    };
    const auto correlation = Correlation::parse(delivery.correlation_id);
    if (!correlation) return told({});   // no answer to anything of ours
    auto outcome = correlation->is_query ? meaning_of_query(delivery) : meaning_of_call(delivery);
    const bool is_done = std::holds_alternative<Reply::Target::Done>(outcome);
    const auto reply = calls_.take(*correlation, is_done && !correlation->is_query);
    if (correlation->is_query) return reply ? ports::give(reply->then(told), std::move(outcome)) : told({});   // who asked asks again if it matters
    const auto as_late = [this, told, correlation = *correlation, outcome] {
        ports::give(inbound_.reply_to(correlation.key, correlation.attempt).then(told), outcome);
    };
    if (!reply) return as_late();
    // The deadline may have ended the call in this very moment: then it is a late answer like others.
    ports::give(reply->then([told, as_late](const Result<void>& result) {
        if (!result && result.error().code() == Code::conflict) as_late();
        else told(result);
    }), std::move(outcome));
}

// ---- the end ----------------------------------------------------------------------------------------------------------------

void Client::stop(Instant deadline) {
    {
        std::unique_lock lock{mutex_};
        if (!stopping_) {
            const auto left = std::clamp<Duration>(deadline - now(), Duration{0}, std::chrono::hours{24});
            stop_by_ = Steady::now() + left;
            stopping_ = true;
        }
        receipts_->wake();
        // A broker that reads nothing holds up whoever writes to it.
        if (!changed_.wait_until(lock, stop_by_ + std::chrono::seconds{1}, [this] { return ended_; }) && socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
    }
    const std::scoped_lock lock{joining_};
    if (thread_.joinable()) thread_.join();
}

}  // namespace kontor::amqp_client

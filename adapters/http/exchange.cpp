#include "http/exchange.hpp"

#include <boost/asio/error.hpp>

namespace kontor::http_client {

Exchange::Exchange(Host& host, Request request, Ended ended)
    : host_{host}, request_{std::move(request)}, ended_{std::move(ended)}, timer_{host.io}, reader_{host.max_answer} {}

void Exchange::start() {
    if (request_.after <= Duration{0}) return begin();
    pausing_ = true;
    timer_.expires_after(request_.after);
    timer_.async_wait([self = shared_from_this()](error_code cancelled) {
        if (!cancelled && self->ended_) self->begin();
    });
}

void Exchange::begin() {
    pausing_ = false;
    timer_.expires_after(request_.timeout);
    timer_.async_wait([self = shared_from_this()](error_code cancelled) {
        if (!cancelled && self->ended_) self->fail("no answer within " + std::to_string(self->request_.timeout.count()) + " ms");
    });
    host_.pool.want(*this);
}

void Exchange::served(std::unique_ptr<Stream> idle) {
    has_turn_ = true;
    if (!idle) return connect();
    stream_ = std::move(idle);
    is_reused_ = true;
    send();
}

void Exchange::connect() {
    is_reused_ = may_be_out_ = is_out_ = false;
    host_.addresses.find([self = shared_from_this()](error_code error, const Endpoints& endpoints) {
        if (!self->ended_) return;
        if (error) return self->end(NotSent{"no address for " + self->host_.origin + ": " + error.message()});
        self->open(endpoints);
    });
}

void Exchange::open(const Endpoints& endpoints) {
    stream_ = host_.streams.make(host_.io);
    stream_->open(endpoints, [self = shared_from_this()](error_code error) {
        if (!self->ended_) return;
        if (error) return self->end(NotSent{"no connection to " + self->host_.origin + ": " + self->stream_->explain(error)});
        self->send();
    });
}

void Exchange::send() {
    may_be_out_ = true;
    stream_->write(request_.text, [self = shared_from_this()](error_code error, std::size_t bytes) { self->sent(error, bytes); });
}

void Exchange::sent(error_code error, std::size_t bytes) {
    if (!ended_) return;
    is_out_ = !error;
    if (error && bytes == 0) may_be_out_ = false;
    if (error && may_repeat()) return connect();
    receive();   // after an error too: the server may have answered without reading all
}

void Exchange::receive() {
    stream_->read_some(reader_.room(), [self = shared_from_this()](error_code error, std::size_t bytes) { self->received(error, bytes); });
}

void Exchange::received(error_code error, std::size_t bytes) {
    if (!ended_) return;
    if (error && !reader_.has_begun() && may_repeat()) return connect();
    if (error && !reader_.has_begun() && stream_->is_refusal(error)) may_be_out_ = false;
    if (error && error != boost::asio::error::eof) return fail("the connection broke before the end of an answer: " + error.message());
    switch (error ? reader_.ended() : reader_.received(bytes)) {
        case ResponseReader::Progress::more: return receive();
        case ResponseReader::Progress::done: return end(reader_.take());
        case ResponseReader::Progress::broken: return fail(reader_.why_broken());
    }
}

/// A connection that was kept and that the server closed meanwhile is no news: a new one is tried, once, if that repeats nothing.
bool Exchange::may_repeat() const noexcept { return is_reused_ && (request_.repeatable || !may_be_out_); }

void Exchange::fail(const std::string& why, bool cancelled) {
    const std::string story = host_.origin + ": " + why;
    may_be_out_ ? end(Lost{story, cancelled}) : end(NotSent{story, cancelled});
}

void Exchange::cancel(const std::string& why) {
    if (ended_) fail(why, true);
}

void Exchange::end(Ending ending) {
    const auto self = shared_from_this();
    const Ended ended = std::exchange(ended_, nullptr);
    timer_.cancel();
    const bool reusable = std::holds_alternative<Response>(ending) && is_out_ && reader_.keeps_connection();
    if (!reusable && stream_) stream_->close();   // and stays until its operation has called back
    if (!has_turn_) host_.pool.leave(*this);
    else host_.pool.give_back(reusable ? std::move(stream_) : nullptr);
    ended(std::move(ending));
}

}  // namespace kontor::http_client

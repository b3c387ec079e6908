#include "http/response_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <optional>

namespace kontor::http_client {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t max_header = 64 << 10;
constexpr std::size_t smallest_room = 512;   // most answers fit; thousands of calls wait with no more than this
constexpr std::size_t max_unparsed = max_header + smallest_room;

}  // namespace

struct ResponseReader::State {
    explicit State(std::size_t limit) : max_body{limit} { next_answer(); }

    void next_answer() {
        parser.emplace();
        parser->eager(true);
        parser->header_limit(max_header);
        parser->body_limit(max_body);
    }
    Progress parse();
    Progress broken(std::string why_it_is) {
        why = std::move(why_it_is);
        return Progress::broken;
    }

    std::size_t max_body;
    std::optional<http::response_parser<http::string_body>> parser;
    std::string buffer;              // the first `filled` bytes are not parsed yet
    std::size_t filled = 0;
    std::size_t header_bytes = 0;    // those of 1xx answers too; the parser's own limit does not count headers that come one by one
    bool begun = false;
    std::string why;
};

ResponseReader::Progress ResponseReader::State::parse() {
    while (filled > 0) {
        boost::beast::error_code error;
        const std::size_t used = parser->put(boost::asio::buffer(buffer.data(), filled), error);
        std::copy(buffer.begin() + static_cast<std::ptrdiff_t>(used), buffer.begin() + static_cast<std::ptrdiff_t>(filled), buffer.begin());
        filled -= used;
        const bool is_final = parser->is_header_done() && parser->get().result_int() >= 200;
        if (!is_final) header_bytes += used;
        if (error == http::error::body_limit) return broken("an answer of more than " + std::to_string(max_body) + " bytes");
        if (error == http::error::header_limit || header_bytes > max_header) return broken("headers of more than 64 KB");
        if (error && error != http::error::need_more) return broken("an answer that is not HTTP (" + error.message() + ")");
        if (is_final && parser->is_done()) return Progress::done;
        if (error == http::error::need_more) break;
        if (is_final) continue;
        if (parser->get().result_int() == 101) return broken("a change of protocol that nobody asked for");
        next_answer();
    }
    return filled < max_unparsed ? Progress::more : broken("headers of more than 64 KB");
}

ResponseReader::ResponseReader(std::size_t max_body) : state_{std::make_unique<State>(max_body)} {}
ResponseReader::~ResponseReader() = default;
ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;
ResponseReader& ResponseReader::operator=(ResponseReader&&) noexcept = default;

std::span<char> ResponseReader::room() {
    State& s = *state_;
    // Bodies are copied out at once; what grows the buffer is a header that is not whole yet, or a server with much to say.
    const std::size_t wanted = s.begun ? s.filled + (8 << 10) : smallest_room;
    if (s.buffer.size() < wanted) s.buffer.resize(wanted);
    return {s.buffer.data() + s.filled, s.buffer.size() - s.filled};
}

ResponseReader::Progress ResponseReader::received(std::size_t count) {
    state_->filled += count;
    state_->begun = state_->begun || count > 0;
    return state_->parse();
}

ResponseReader::Progress ResponseReader::ended() {
    State& s = *state_;
    boost::beast::error_code error;
    if (s.begun && s.filled == 0 && s.parser->is_header_done()) s.parser->put_eof(error);
    if (!error && s.parser->is_done()) return Progress::done;
    return s.broken("a connection that was closed before the end of the answer");
}

bool ResponseReader::has_begun() const noexcept { return state_->begun; }
const std::string& ResponseReader::why_broken() const noexcept { return state_->why; }

Response ResponseReader::take() {
    auto& parser = *state_->parser;
    const bool needs_end = parser.need_eof();
    auto message = parser.release();
    Response response{.status = static_cast<int>(message.result_int()), .body = std::move(message.body()), .has_length = !needs_end};
    if (const auto header = message.find(http::field::retry_after); header != message.end()) response.retry_after = std::string{header->value()};
    return response;
}

bool ResponseReader::keeps_connection() const { return state_->filled == 0 && state_->parser->keep_alive(); }

}  // namespace kontor::http_client

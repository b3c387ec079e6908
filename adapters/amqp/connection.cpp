#include "amqp/connection.hpp"

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>

namespace kontor::amqp_client {

namespace {

constexpr amqp_channel_t requests = 1, answers = 2;

amqp_bytes_t bytes(std::string_view text) { return {text.size(), const_cast<char*>(text.data())}; }
std::string text(amqp_bytes_t bytes) { return bytes.len == 0 ? std::string{} : std::string{static_cast<const char*>(bytes.bytes), bytes.len}; }

timeval time_of(Duration duration) {
    const auto ms = std::max<Duration>(duration, Duration{1});
    return {static_cast<time_t>(ms.count() / 1000), static_cast<suseconds_t>(ms.count() % 1000 * 1000)};
}

amqp_table_entry_t entry(std::string_view name, std::string_view value) {
    amqp_table_entry_t out{};
    out.key = bytes(name);
    out.value.kind = AMQP_FIELD_KIND_UTF8;
    out.value.value.bytes = bytes(value);
    return out;
}

amqp_table_entry_t yes(std::string_view name) {
    amqp_table_entry_t out{};
    out.key = bytes(name);
    out.value.kind = AMQP_FIELD_KIND_BOOLEAN;
    out.value.value.boolean = 1;
    return out;
}

/// A header as text, whichever of the many types a client chose.
std::optional<std::string> header(const amqp_table_t& table, std::string_view name) {
    for (int i = 0; i < table.num_entries; ++i) {
        const auto& [key, value] = table.entries[i];
        if (text(key) != name) continue;
        switch (value.kind) {
            case AMQP_FIELD_KIND_UTF8: case AMQP_FIELD_KIND_BYTES: return text(value.value.bytes);
            case AMQP_FIELD_KIND_I8: return std::to_string(value.value.i8);
            case AMQP_FIELD_KIND_U8: return std::to_string(value.value.u8);
            case AMQP_FIELD_KIND_I16: return std::to_string(value.value.i16);
            case AMQP_FIELD_KIND_U16: return std::to_string(value.value.u16);
            case AMQP_FIELD_KIND_I32: return std::to_string(value.value.i32);
            case AMQP_FIELD_KIND_U32: return std::to_string(value.value.u32);
            case AMQP_FIELD_KIND_I64: return std::to_string(value.value.i64);
            case AMQP_FIELD_KIND_U64: case AMQP_FIELD_KIND_TIMESTAMP: return std::to_string(value.value.u64);
            default: return "?";   // there, and no text
        }
    }
    return std::nullopt;
}

/// `NOT_FOUND - no exchange 'x' in vhost '/'`; both kinds of close look alike.
std::string close_text(const amqp_method_t& method) {
    if (method.id == AMQP_CONNECTION_CLOSE_METHOD) return text(static_cast<const amqp_connection_close_t*>(method.decoded)->reply_text);
    if (method.id == AMQP_CHANNEL_CLOSE_METHOD) return text(static_cast<const amqp_channel_close_t*>(method.decoded)->reply_text);
    return "method " + std::to_string(method.id);
}

}  // namespace

struct Connection::Inside {
    /// Of a message that arrives in pieces: a return on the channel of requests, a delivery on that of answers.
    struct Piecemeal {
        std::optional<Delivery> delivery{};
        std::optional<Returned> returned{};
        std::uint64_t missing = 0;     ///< bytes of the body
    };

    explicit Inside(const Settings& s) : settings{s}, state{amqp_new_connection()} {
        if (!state) throw NoConnection{"no memory for a connection", false};
    }
    ~Inside() { amqp_destroy_connection(state); }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

    const Settings& settings;
    amqp_connection_state_t state;
    std::uint64_t published = 0;
    std::array<Piecemeal, 3> pieces{};

    void open();
    void log_in(const std::string& password);
    void prepare();
    void require(const amqp_rpc_reply_t& reply, const std::string& doing) const;
    std::optional<Incoming> take(const amqp_frame_t& frame);
    std::optional<Incoming> take_method(amqp_channel_t channel, const amqp_method_t& method);
    std::optional<Incoming> take_properties(Piecemeal& piece, const amqp_frame_t& frame);
    std::optional<Incoming> take_body(Piecemeal& piece, amqp_bytes_t body);
    static std::optional<Incoming> if_whole(Piecemeal& piece);
};

// ---- connecting -----------------------------------------------------------------------------------------------------------

void Connection::Inside::require(const amqp_rpc_reply_t& reply, const std::string& doing) const {
    if (reply.reply_type == AMQP_RESPONSE_NORMAL) return;
    const std::string what = settings.origin() + ": " + doing + ": ";
    if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION) throw NoConnection{what + close_text(reply.reply), true};
    throw NoConnection{what + (reply.library_error ? amqp_error_string2(reply.library_error) : "no answer"), false};
}

void Connection::Inside::open() {
    amqp_socket_t* const socket = amqp_tcp_socket_new(state);
    if (!socket) throw NoConnection{"no memory for a socket", false};
    const timeval patience = time_of(settings.options.connect_timeout);
    const int status = amqp_socket_open_noblock(socket, settings.address.host.c_str(), settings.address.port, &patience);
    if (status != AMQP_STATUS_OK) throw NoConnection{settings.origin() + ": cannot connect: " + amqp_error_string2(status), false};
    amqp_set_handshake_timeout(state, &patience);
    amqp_set_rpc_timeout(state, &patience);
    // A peer that vanished while we write is found as soon as one that vanished while we read.
    const int gone_after = static_cast<int>(settings.options.heartbeat.count() * 2);
    ::setsockopt(amqp_get_sockfd(state), IPPROTO_TCP, TCP_USER_TIMEOUT, &gone_after, sizeof gone_after);
}

void Connection::Inside::log_in(const std::string& password) {
    std::array capabilities{yes("authentication_failure_close"), yes("basic.nack"), yes("connection.blocked"), yes("consumer_cancel_notify"), yes("publisher_confirms")};
    const std::string shown = "kontor " + settings.options.name;
    std::array properties{entry("product", "Kontor"), entry("connection_name", shown), amqp_table_entry_t{}};
    properties[2].key = bytes("capabilities");
    properties[2].value.kind = AMQP_FIELD_KIND_TABLE;
    properties[2].value.value.table = {static_cast<int>(capabilities.size()), capabilities.data()};
    const amqp_table_t table{static_cast<int>(properties.size()), properties.data()};
    const int heartbeat = static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(settings.options.heartbeat).count());
    require(amqp_login_with_properties(state, settings.address.vhost.c_str(), 0, AMQP_DEFAULT_FRAME_SIZE, heartbeat, &table, AMQP_SASL_METHOD_PLAIN,
                                       settings.address.user.c_str(), password.c_str()),
            "login as " + settings.address.user);
}

void Connection::Inside::prepare() {
    const auto& options = settings.options;
    const auto done = [&](const std::string& doing) { require(amqp_get_rpc_reply(state), doing); };
    amqp_channel_open(state, requests);
    done("opening a channel");
    // A missing exchange closes the channel at the first message, and nobody knows then what became of the others.
    if (!options.exchange.empty()) {
        amqp_exchange_declare(state, requests, bytes(options.exchange), bytes("direct"), 1, 0, 0, 0, amqp_empty_table);
        done("looking for exchange " + options.exchange);
    }
    amqp_confirm_select(state, requests);
    done("asking for confirmations");
    amqp_channel_open(state, answers);
    done("opening a channel");
    amqp_queue_declare(state, answers, bytes(options.reply_queue), 0, 1, 0, 0, amqp_empty_table);
    done("declaring reply queue " + options.reply_queue);
    amqp_basic_qos(state, answers, 0, static_cast<std::uint16_t>(options.prefetch), 0);
    done("limiting answers");
    // Exclusive: two engines with one name would take each other's answers.
    amqp_basic_consume(state, answers, bytes(options.reply_queue), bytes(""), 0, 0, 1, amqp_empty_table);
    done("reading reply queue " + options.reply_queue);
}

Connection::Connection(const Settings& settings, const std::string& password) : inside_{std::make_unique<Inside>(settings)} {
    inside_->open();
    inside_->log_in(password);
    inside_->prepare();
}

Connection::~Connection() = default;

void Connection::close(Duration patience) {
    const timeval limit = time_of(patience);
    amqp_set_rpc_timeout(inside_->state, &limit);
    amqp_connection_close(inside_->state, AMQP_REPLY_SUCCESS);
}

// ---- writing ----------------------------------------------------------------------------------------------------------------

std::optional<std::uint64_t> Connection::publish(const Request& request, Instant now) {
    std::vector<amqp_table_entry_t> headers;
    for (const auto& [name, value] : request.headers) headers.push_back(entry(name, value));
    std::string expiration;
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_HEADERS_FLAG | AMQP_BASIC_CORRELATION_ID_FLAG |
                        AMQP_BASIC_REPLY_TO_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_TYPE_FLAG | AMQP_BASIC_TIMESTAMP_FLAG;
    properties.content_type = bytes("application/json");
    properties.delivery_mode = 2;   // persistent
    properties.headers = {static_cast<int>(headers.size()), headers.data()};
    properties.correlation_id = bytes(request.correlation_id);
    properties.reply_to = bytes(inside_->settings.options.reply_queue);
    properties.message_id = bytes(request.message_id);
    properties.type = bytes(request.type);
    properties.timestamp = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    if (request.deadline != Instant{}) {
        // RabbitMQ takes 32 bits of milliseconds.
        constexpr Duration longest{0xFFFF'FFFE};
        expiration = std::to_string(std::clamp(request.deadline - now, Duration{1}, longest).count());
        properties.expiration = bytes(expiration);
        properties._flags |= AMQP_BASIC_EXPIRATION_FLAG;
    }
    const int status = amqp_basic_publish(inside_->state, requests, bytes(request.exchange), bytes(request.routing_key), 1, 0, &properties, bytes(request.body));
    if (status != AMQP_STATUS_OK) return std::nullopt;
    return ++inside_->published;
}

bool Connection::acknowledge(std::uint64_t delivery) { return amqp_basic_ack(inside_->state, answers, delivery, 0) == AMQP_STATUS_OK; }
bool Connection::give_back(std::uint64_t delivery) { return amqp_basic_nack(inside_->state, answers, delivery, 0, 1) == AMQP_STATUS_OK; }

// ---- reading ----------------------------------------------------------------------------------------------------------------

bool Connection::has_input() const { return amqp_frames_enqueued(inside_->state) || amqp_data_in_buffer(inside_->state); }
int Connection::socket() const { return amqp_get_sockfd(inside_->state); }

std::optional<Incoming> Connection::next() {
    for (;;) {
        amqp_frame_t frame;
        const timeval now{};
        const int status = amqp_simple_wait_frame_noblock(inside_->state, &frame, &now);
        if (status == AMQP_STATUS_TIMEOUT) return std::nullopt;
        if (status != AMQP_STATUS_OK) return Lost{inside_->settings.origin() + ": " + amqp_error_string2(status)};
        auto incoming = inside_->take(frame);
        amqp_maybe_release_buffers_on_channel(inside_->state, frame.channel);
        if (incoming) return incoming;
    }
}

std::optional<Incoming> Connection::Inside::take(const amqp_frame_t& frame) {
    if (frame.frame_type == AMQP_FRAME_METHOD) return take_method(frame.channel, frame.payload.method);
    if (frame.channel != requests && frame.channel != answers) return std::nullopt;
    Piecemeal& piece = pieces[frame.channel];
    if (!piece.delivery && !piece.returned) return std::nullopt;
    if (frame.frame_type == AMQP_FRAME_HEADER) return take_properties(piece, frame);
    if (frame.frame_type == AMQP_FRAME_BODY) return take_body(piece, frame.payload.body_fragment);
    return std::nullopt;
}

std::optional<Incoming> Connection::Inside::take_method(amqp_channel_t channel, const amqp_method_t& method) {
    switch (method.id) {
        case AMQP_BASIC_ACK_METHOD: {
            const auto* ack = static_cast<const amqp_basic_ack_t*>(method.decoded);
            return Confirmed{ack->delivery_tag, ack->multiple != 0};
        }
        case AMQP_BASIC_NACK_METHOD: {
            const auto* nack = static_cast<const amqp_basic_nack_t*>(method.decoded);
            return Refused{nack->delivery_tag, nack->multiple != 0};
        }
        case AMQP_BASIC_RETURN_METHOD: {
            const auto* back = static_cast<const amqp_basic_return_t*>(method.decoded);
            const std::string exchange = back->exchange.len == 0 ? "the default exchange" : "exchange " + text(back->exchange);
            pieces[requests].returned = Returned{{}, "nobody takes routing key " + text(back->routing_key) + " from " + exchange + " of " +
                                                         settings.origin() + " (" + text(back->reply_text) + ")"};
            return std::nullopt;
        }
        case AMQP_BASIC_DELIVER_METHOD:
            if (channel != answers) return std::nullopt;
            pieces[answers].delivery = Delivery{.tag = static_cast<const amqp_basic_deliver_t*>(method.decoded)->delivery_tag};
            return std::nullopt;
        case AMQP_BASIC_CANCEL_METHOD: return Lost{settings.origin() + ": reply queue " + settings.options.reply_queue + " is gone"};
        case AMQP_CONNECTION_BLOCKED_METHOD: return Blocked{true};
        case AMQP_CONNECTION_UNBLOCKED_METHOD: return Blocked{false};
        case AMQP_CHANNEL_CLOSE_METHOD:
        case AMQP_CONNECTION_CLOSE_METHOD: return Lost{settings.origin() + ": " + close_text(method)};
        default: return std::nullopt;
    }
}

std::optional<Incoming> Connection::Inside::take_properties(Piecemeal& piece, const amqp_frame_t& frame) {
    const auto& properties = *static_cast<const amqp_basic_properties_t*>(frame.payload.properties.decoded);
    piece.missing = frame.payload.properties.body_size;
    const std::string correlation = properties._flags & AMQP_BASIC_CORRELATION_ID_FLAG ? text(properties.correlation_id) : std::string{};
    if (piece.returned) piece.returned->correlation_id = correlation;
    if (piece.delivery) {
        Delivery& delivery = *piece.delivery;
        delivery.correlation_id = correlation;
        delivery.is_too_large = piece.missing > settings.options.max_answer;
        if (properties._flags & AMQP_BASIC_HEADERS_FLAG) {
            delivery.error = header(properties.headers, "kontor-error");
            delivery.outcome = header(properties.headers, "kontor-outcome");
            delivery.retry_after = header(properties.headers, "kontor-retry-after");
        }
    }
    return if_whole(piece);
}

std::optional<Incoming> Connection::Inside::take_body(Piecemeal& piece, amqp_bytes_t body) {
    if (piece.delivery && !piece.delivery->is_too_large) piece.delivery->body += text(body);
    piece.missing -= std::min<std::uint64_t>(piece.missing, body.len);
    return if_whole(piece);
}

std::optional<Incoming> Connection::Inside::if_whole(Piecemeal& piece) {
    if (piece.missing > 0) return std::nullopt;
    const Piecemeal whole = std::exchange(piece, {});
    if (whole.delivery) return *whole.delivery;
    return *whole.returned;
}

}  // namespace kontor::amqp_client

#include "amqp/peer.hpp"

#include <amqp_framing.h>
#include <amqp_tcp_socket.h>

#include <stdexcept>

namespace kontor::test {

namespace {

amqp_bytes_t bytes(const std::string& text) { return {text.size(), const_cast<char*>(text.data())}; }
std::string text(amqp_bytes_t bytes) { return bytes.len == 0 ? std::string{} : std::string{static_cast<const char*>(bytes.bytes), bytes.len}; }

void require(const amqp_rpc_reply_t& reply, const char* doing) {
    if (reply.reply_type != AMQP_RESPONSE_NORMAL) throw std::runtime_error{std::string{"the test's own connection: "} + doing};
}

}  // namespace

Peer::Peer(int port, std::string queue) : state_{amqp_new_connection()} {
    const timeval patience{20, 0};
    if (amqp_socket_open_noblock(amqp_tcp_socket_new(state_), "127.0.0.1", port, &patience) != AMQP_STATUS_OK) throw std::runtime_error{"the test cannot connect"};
    require(amqp_login(state_, "/", 0, AMQP_DEFAULT_FRAME_SIZE, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest"), "login");
    amqp_channel_open(state_, 1);
    require(amqp_get_rpc_reply(state_), "channel");
    if (queue.empty()) return;
    declare(queue, amqp_empty_table);
    amqp_basic_consume(state_, 1, bytes(queue), amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
    require(amqp_get_rpc_reply(state_), "consume");
}

Peer::~Peer() { amqp_destroy_connection(state_); }

void Peer::declare(const std::string& queue, amqp_table_t arguments) {
    amqp_queue_declare(state_, 1, bytes(queue), 0, 1, 0, 0, arguments);
    require(amqp_get_rpc_reply(state_), "declare");
}

void Peer::declare_full(const std::string& queue) {
    const std::string longest = "x-max-length", overflow = "x-overflow", refuse = "reject-publish";
    amqp_table_entry_t entries[2]{};
    entries[0].key = bytes(longest);
    entries[0].value.kind = AMQP_FIELD_KIND_I32;
    entries[0].value.value.i32 = 0;
    entries[1].key = bytes(overflow);
    entries[1].value.kind = AMQP_FIELD_KIND_UTF8;
    entries[1].value.value.bytes = bytes(refuse);
    declare(queue, {2, entries});
}

int Peer::waiting(const std::string& queue) {
    const auto* found = amqp_queue_declare(state_, 1, bytes(queue), 1, 1, 0, 0, amqp_empty_table);
    require(amqp_get_rpc_reply(state_), "counting");
    return static_cast<int>(found->message_count);
}

Peer::Message Peer::next() {
    const timeval patience{20, 0};
    amqp_envelope_t envelope;
    amqp_maybe_release_buffers(state_);
    require(amqp_consume_message(state_, &envelope, &patience, 0), "no request came");
    const auto& properties = envelope.message.properties;
    Message message{.body = text(envelope.message.body), .correlation_id = text(properties.correlation_id), .reply_to = text(properties.reply_to),
                    .message_id = text(properties.message_id), .type = text(properties.type), .content_type = text(properties.content_type),
                    .delivery_mode = properties.delivery_mode};
    if (properties._flags & AMQP_BASIC_EXPIRATION_FLAG) message.expiration = text(properties.expiration);
    for (int i = 0; i < properties.headers.num_entries; ++i)
        message.headers[text(properties.headers.entries[i].key)] = text(properties.headers.entries[i].value.value.bytes);
    amqp_basic_ack(state_, 1, envelope.delivery_tag, 0);
    amqp_destroy_envelope(&envelope);
    return message;
}

void Peer::answer(const Message& request, const std::string& body, const Headers& headers) {
    std::vector<amqp_table_entry_t> entries(headers.size());
    for (std::size_t i = 0; i < headers.size(); ++i) {
        entries[i].key = bytes(headers[i].first);
        entries[i].value.kind = AMQP_FIELD_KIND_UTF8;
        entries[i].value.value.bytes = bytes(headers[i].second);
    }
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_CORRELATION_ID_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_HEADERS_FLAG;
    properties.correlation_id = bytes(request.correlation_id);
    properties.delivery_mode = 2;
    properties.headers = {static_cast<int>(entries.size()), entries.data()};
    if (amqp_basic_publish(state_, 1, amqp_empty_bytes, bytes(request.reply_to), 0, 0, &properties, bytes(body)) != AMQP_STATUS_OK)
        throw std::runtime_error{"the test cannot answer"};
}

}  // namespace kontor::test

// The service: plain RabbitMQ client, nothing of Kontor. It takes requests from the queue ledger.post and answers to where each one says.
// Usage: ledger HOST PORT COUNT; ends after COUNT requests.
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

namespace {

amqp_bytes_t bytes(const std::string& text) { return {text.size(), const_cast<char*>(text.data())}; }
std::string text(amqp_bytes_t bytes) { return {static_cast<const char*>(bytes.bytes), bytes.len}; }

struct Answer {
    std::string error{};   ///< the code of a business error
    std::string body{};
};

/// What a real ledger would do in a transaction, together with keeping the answer under its key.
Answer post(const std::string& request) {
    static int posted = 0;
    if (request.find(R"("account":"closed")") != request.npos) return {.error = "ACCOUNT_CLOSED", .body = R"({"message":"the account is closed"})"};
    return {.body = R"({"posting":"P-)" + std::to_string(++posted) + R"("})"};
}

void answer(amqp_connection_state_t broker, const amqp_basic_properties_t& request, const Answer& answer) {
    amqp_table_entry_t header{};
    header.key = amqp_cstring_bytes("kontor-error");
    header.value.kind = AMQP_FIELD_KIND_UTF8;
    header.value.value.bytes = bytes(answer.error);
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_CORRELATION_ID_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_HEADERS_FLAG;
    properties.correlation_id = request.correlation_id;   // unchanged: it leads back to the call
    properties.delivery_mode = 2;                         // persistent: the engine may be away
    properties.headers = {answer.error.empty() ? 0 : 1, &header};
    amqp_basic_publish(broker, 1, amqp_empty_bytes, request.reply_to, 0, 0, &properties, bytes(answer.body));
}

bool succeeded(amqp_rpc_reply_t reply) { return reply.reply_type == AMQP_RESPONSE_NORMAL; }

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "usage: ledger HOST PORT COUNT\n";
        return 2;
    }
    const amqp_connection_state_t broker = amqp_new_connection();
    const std::string queue = "ledger.post";
    bool is_ready = amqp_socket_open(amqp_tcp_socket_new(broker), argv[1], std::atoi(argv[2])) == AMQP_STATUS_OK &&
                    succeeded(amqp_login(broker, "/", 0, AMQP_DEFAULT_FRAME_SIZE, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest"));
    if (is_ready) {
        amqp_channel_open(broker, 1);
        amqp_queue_declare(broker, 1, bytes(queue), 0, 1, 0, 0, amqp_empty_table);   // durable
        amqp_basic_consume(broker, 1, bytes(queue), amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
        is_ready = succeeded(amqp_get_rpc_reply(broker));
    }
    if (!is_ready) {
        std::cerr << "no broker at " << argv[1] << ":" << argv[2] << "\n";
        return 1;
    }
    std::map<std::string, Answer> answers;   // by idempotency key: a request that comes twice is carried out once
    for (int left = std::atoi(argv[3]); left > 0; --left) {
        amqp_envelope_t request;
        amqp_maybe_release_buffers(broker);
        if (!succeeded(amqp_consume_message(broker, &request, nullptr, 0))) return 1;
        const std::string key = text(request.message.properties.message_id);
        if (!answers.contains(key)) answers[key] = post(text(request.message.body));
        answer(broker, request.message.properties, answers[key]);
        amqp_basic_ack(broker, 1, request.delivery_tag, 0);
        amqp_destroy_envelope(&request);
    }
    amqp_connection_close(broker, AMQP_REPLY_SUCCESS);
    amqp_destroy_connection(broker);
}

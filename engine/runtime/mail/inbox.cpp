#include "runtime/mail/inbox.hpp"

#include "runtime/mail/letters.hpp"
#include "value/codec.hpp"

namespace kontor::runtime {
namespace {

// Fields have names, so that a later version may add some.
Value value_of(const Message& m) {
    return Variables{{"name", m.name}, {"key", m.correlation_key}, {"payload", m.payload}, {"id", m.message_id}, {"timeToLive", m.time_to_live.count()}};
}

Message message_of(const Variables& v) {
    return {v.get<std::string>("name"), v.get<std::string>("key"), v.get<Variables>("payload"), v.get<std::string>("id"),
            Duration{v.get<std::int64_t>("timeToLive")}};
}

std::vector<Value> values_of(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

Value value_of(const CompleteTask& c) {
    return Variables{{"output", c.output}, {"user", c.by.user}, {"groups", values_of(c.by.groups)}, {"requestId", c.request_id}};
}

CompleteTask completion_of(const Variables& v) {
    return {v.get<Variables>("output"), {v.get<std::string>("user"), v.get<std::vector<std::string>>("groups")}, v.get<std::string>("requestId")};
}

Value value_of(const StartRequest& r) {
    return Variables{{"process", r.process},       {"businessKey", r.business_key}, {"variables", r.variables},   {"requestId", r.request_id},
                     {"version", r.version},       {"versionTag", r.version_tag},   {"user", r.by.user},          {"groups", values_of(r.by.groups)}};
}

StartRequest request_of(const Variables& v) {
    return {v.get<std::string>("process"),
            v.get<std::string>("businessKey"),
            v.get<Variables>("variables"),
            v.get<std::string>("requestId"),
            v.get<int>("version"),
            v.get<std::string>("versionTag"),
            {v.get<std::string>("user"), v.get<std::vector<std::string>>("groups")}};
}

struct ToValue {
    Value operator()(const DeliverMessage& c) const {
        return Variables{{"do", "deliver"}, {"instance", c.instance.value}, {"wait", c.wait}, {"message", value_of(c.message)}};
    }
    Value operator()(const ReturnMessage& c) const { return Variables{{"do", "return"}, {"message", value_of(c.message)}}; }
    Value operator()(const StartByMessage& c) const {
        return Variables{{"do", "startByMessage"}, {"version", c.version}, {"startEvent", c.start_event}, {"message", value_of(c.message)}};
    }
    Value operator()(const HostStart& c) const { return Variables{{"do", "start"}, {"request", value_of(c.request)}}; }
    Value operator()(const HostPublish& c) const { return Variables{{"do", "publish"}, {"message", value_of(c.message)}}; }
    Value operator()(const HostCompleteTask& c) const {
        return Variables{{"do", "completeTask"}, {"task", c.task.value}, {"request", value_of(c.request)}};
    }
    Value operator()(const HostCompleteJob& c) const { return Variables{{"do", "completeJob"}, {"job", c.job.value}, {"result", c.result}}; }
    Value operator()(const ForwardedCommand& c) const {
        return Variables{{"do", "forwarded"},       {"node", c.from.node},          {"id", c.from.id},                 {"instance", c.instance.value},
                         {"command", value_of_command(c.command)}, {"requestId", c.request_id}, {"requestHash", c.request_hash}};
    }
    Value operator()(const ForwardedMessage& c) const {
        return Variables{{"do", "forwardedMessage"}, {"node", c.from.node}, {"id", c.from.id}, {"message", value_of(c.message)}};
    }
};

}  // namespace

std::string encode(const InboxCommand& command) {
    std::string bytes;
    codec::encode(std::visit(ToValue{}, command), bytes);
    return bytes;
}

InboxCommand decode_inbox(std::string_view bytes) {
    const auto v = codec::decode(bytes).as<Variables>();
    const auto what = v.get<std::string>("do");
    const auto message = [&] { return message_of(v.get<Variables>("message")); };
    if (what == "deliver") return DeliverMessage{{v.get<std::uint64_t>("instance")}, v.get<std::uint64_t>("wait"), message()};
    if (what == "return") return ReturnMessage{message()};
    if (what == "startByMessage") return StartByMessage{v.get<std::string>("version"), v.get<std::uint32_t>("startEvent"), message()};
    if (what == "start") return HostStart{request_of(v.get<Variables>("request"))};
    if (what == "publish") return HostPublish{message()};
    if (what == "completeTask") return HostCompleteTask{{v.get<std::uint64_t>("task")}, completion_of(v.get<Variables>("request"))};
    if (what == "completeJob") return HostCompleteJob{{v.get<std::uint64_t>("job")}, v.get<Variables>("result")};
    const auto from = [&] { return ReturnAddress{v.get<std::string>("node"), v.get<std::string>("id")}; };
    if (what == "forwarded")
        return ForwardedCommand{from(), {v.get<std::uint64_t>("instance")}, command_of(v.get<Variables>("command")), v.get<std::string>("requestId"),
                                v.get<std::string>("requestHash")};
    if (what == "forwardedMessage") return ForwardedMessage{from(), message()};
    throw Error{Code::bad_input, "an inbox row says \"" + what + "\", which this version does not know"};
}

}  // namespace kontor::runtime

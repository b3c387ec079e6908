#include "runtime/mail/letters.hpp"

#include "value/codec.hpp"

#include <array>

namespace kontor::runtime {
namespace {

std::vector<Value> values_of(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

Value actor(const core::Actor& a) { return Variables{{"user", a.user}, {"groups", values_of(a.groups)}}; }
core::Actor actor(const Variables& v) { return {v.get<std::string>("user"), v.get<std::vector<std::string>>("groups")}; }

/// Nothing is null.
template <class T>
Value maybe(const std::optional<T>& value) { return value ? Value{*value} : Value{}; }
Value maybe(const std::optional<Duration>& value) { return value ? Value{value->count()} : Value{}; }

struct ToValue {
    using Result = Variables;
    Result operator()(const core::StartInstance& c) const {
        return {{"do", "start"},    {"definition", c.definition}, {"businessKey", c.business_key}, {"variables", c.variables}, {"by", actor(c.by)},
                {"at", c.start_event ? Value{model::raw(*c.start_event)} : Value{}},               {"payload", c.payload}};
    }
    Result operator()(const core::CompleteJob& c) const { return {{"do", "completeJob"}, {"job", c.job.value}, {"result", c.result}}; }
    Result operator()(const core::ReturnError& c) const {
        return {{"do", "returnError"}, {"job", c.job.value}, {"code", c.code}, {"message", c.message}, {"data", c.data}, {"attempt", c.attempt}};
    }
    Result operator()(const core::FailJob& c) const {
        return {{"do", "failJob"}, {"job", c.job.value}, {"message", c.message}, {"retryAfter", maybe(c.retry_after)}, {"permanent", c.permanent},
                {"attempt", c.attempt}};
    }
    Result operator()(const core::LoseCall& c) const {
        return {{"do", "loseCall"}, {"job", c.job.value}, {"reason", c.reason}, {"attempt", c.attempt}};
    }
    Result operator()(const core::DeferJob& c) const {
        return {{"do", "deferJob"}, {"job", c.job.value}, {"within", c.within.count()}, {"attempt", c.attempt}};
    }
    Result operator()(const core::ExtendJob& c) const { return {{"do", "extendJob"}, {"job", c.job.value}, {"within", c.within.count()}}; }
    Result operator()(const core::AnswerQuery& c) const {
        return {{"do", "answerQuery"}, {"job", c.job.value}, {"tookEffect", maybe(c.took_effect)}, {"result", c.result}, {"attempt", c.attempt}};
    }
    Result operator()(const core::CompleteTask& c) const {
        return {{"do", "completeTask"}, {"task", c.task.value}, {"output", c.output}, {"by", actor(c.by)}};
    }
    Result operator()(const core::AssignTask& c) const {
        return {{"do", "assignTask"}, {"task", c.task.value}, {"assignee", c.assignee}, {"by", actor(c.by)}};
    }
    Result operator()(const core::ResolveIncident& c) const {
        return {{"do", "resolveIncident"}, {"incident", c.incident.value}, {"by", actor(c.by)}, {"variables", c.variables},
                {"tookEffect", maybe(c.took_effect)}};
    }
    Result operator()(const core::CancelInstance& c) const {
        return {{"do", "cancel"}, {"by", actor(c.by)}, {"reason", c.reason}, {"compensate", c.compensate}};
    }
    Result operator()(const core::SuspendInstance& c) const { return {{"do", "suspend"}, {"by", actor(c.by)}, {"reason", c.reason}}; }
    Result operator()(const core::ResumeInstance& c) const { return {{"do", "resume"}, {"by", actor(c.by)}}; }
    Result operator()(const auto&) const { return {}; }
};

struct OfCommand {
    const Variables& v;

    [[nodiscard]] std::string text(std::string_view name) const { return v.get<std::string>(name); }
    [[nodiscard]] core::ElementKey job() const { return core::ElementKey{v.get<std::uint64_t>("job")}; }
    [[nodiscard]] std::uint32_t attempt() const { return v.get<std::uint32_t>("attempt"); }
    [[nodiscard]] Duration within() const { return Duration{v.get<std::int64_t>("within")}; }
    [[nodiscard]] core::Actor by() const { return actor(v.get<Variables>("by")); }

    [[nodiscard]] core::Command start() const {
        core::StartInstance c{text("definition"), text("businessKey"), v.get<Variables>("variables"), by(), std::nullopt, v.at("payload")};
        if (const auto at = v.get<std::optional<std::uint32_t>>("at")) c.start_event = model::ElementIndex{*at};
        return c;
    }
    [[nodiscard]] core::Command complete_job() const { return core::CompleteJob{job(), v.at("result")}; }
    [[nodiscard]] core::Command return_error() const { return core::ReturnError{job(), text("code"), text("message"), v.at("data"), attempt()}; }
    [[nodiscard]] core::Command fail_job() const {
        core::FailJob c{job(), text("message"), std::nullopt, v.get<bool>("permanent"), attempt()};
        if (const auto after = v.get<std::optional<std::int64_t>>("retryAfter")) c.retry_after = Duration{*after};
        return c;
    }
    [[nodiscard]] core::Command lose_call() const { return core::LoseCall{job(), text("reason"), false, attempt()}; }
    [[nodiscard]] core::Command defer_job() const { return core::DeferJob{job(), within(), attempt()}; }
    [[nodiscard]] core::Command extend_job() const { return core::ExtendJob{job(), within()}; }
    [[nodiscard]] core::Command answer_query() const {
        return core::AnswerQuery{job(), v.get<std::optional<bool>>("tookEffect"), v.at("result"), attempt()};
    }
    [[nodiscard]] core::Command complete_task() const {
        return core::CompleteTask{core::ElementKey{v.get<std::uint64_t>("task")}, v.get<Variables>("output"), by()};
    }
    [[nodiscard]] core::Command assign_task() const {
        return core::AssignTask{core::ElementKey{v.get<std::uint64_t>("task")}, text("assignee"), by()};
    }
    [[nodiscard]] core::Command resolve_incident() const {
        return core::ResolveIncident{IncidentKey{v.get<std::uint64_t>("incident")}, by(), v.get<Variables>("variables"), v.get<std::optional<bool>>("tookEffect")};
    }
    [[nodiscard]] core::Command cancel() const { return core::CancelInstance{by(), text("reason"), v.get<bool>("compensate")}; }
    [[nodiscard]] core::Command suspend() const { return core::SuspendInstance{by(), text("reason")}; }
    [[nodiscard]] core::Command resume() const { return core::ResumeInstance{by()}; }
};

using Read = core::Command (OfCommand::*)() const;
constexpr std::array<std::pair<std::string_view, Read>, 14> readers{{
    {"start", &OfCommand::start},
    {"completeJob", &OfCommand::complete_job},
    {"returnError", &OfCommand::return_error},
    {"failJob", &OfCommand::fail_job},
    {"loseCall", &OfCommand::lose_call},
    {"deferJob", &OfCommand::defer_job},
    {"extendJob", &OfCommand::extend_job},
    {"answerQuery", &OfCommand::answer_query},
    {"completeTask", &OfCommand::complete_task},
    {"assignTask", &OfCommand::assign_task},
    {"resolveIncident", &OfCommand::resolve_incident},
    {"cancel", &OfCommand::cancel},
    {"suspend", &OfCommand::suspend},
    {"resume", &OfCommand::resume},
}};

struct AnswerToValue {
    Value operator()(const Accepted& a) const { return Variables{{"is", "accepted"}, {"instance", a.instance.value}, {"duplicate", a.duplicate}}; }
    Value operator()(const core::Rejection& r) const {
        return Variables{{"is", "rejected"}, {"code", static_cast<int>(r.code)}, {"rule", r.rule}, {"message", r.message}};
    }
    Value operator()(const Error& e) const {
        return Variables{{"is", "error"}, {"code", static_cast<int>(e.code())}, {"message", e.what()}};
    }
    Value operator()(Published p) const { return Variables{{"is", "published"}, {"as", static_cast<int>(p)}}; }
};

}  // namespace

bool travels(const core::Command& command) {
    if (const auto* lost = std::get_if<core::LoseCall>(&command)) return !lost->by_restart;
    return std::visit([](const auto& c) { return !ToValue{}(c).empty(); }, command);
}

Value value_of_command(const core::Command& command) { return std::visit(ToValue{}, command); }

core::Command command_of(const Variables& v) {
    const auto what = v.get<std::string>("do");
    for (const auto& [name, read] : readers)
        if (name == what) return (OfCommand{v}.*read)();
    throw Error{Code::bad_input, "a command from another node says \"" + what + "\", which this version does not know"};
}

std::string encode(const Answer& answer) {
    std::string bytes;
    codec::encode(std::visit(AnswerToValue{}, answer), bytes);
    return bytes;
}

Answer decode_answer(std::string_view bytes) {
    const auto v = codec::decode(bytes).as<Variables>();
    const auto what = v.get<std::string>("is");
    const auto code = [&] { return static_cast<Code>(v.get<int>("code")); };
    if (what == "accepted") return Accepted{{v.get<std::uint64_t>("instance")}, v.get<bool>("duplicate")};
    if (what == "rejected") return core::Rejection{code(), v.get<std::string>("rule"), v.get<std::string>("message")};
    if (what == "error") return Error{code(), v.get<std::string>("message")};
    if (what == "published") return static_cast<Published>(v.get<int>("as"));
    throw Error{Code::bad_input, "an answer from another node says \"" + what + "\", which this version does not know"};
}

}  // namespace kontor::runtime

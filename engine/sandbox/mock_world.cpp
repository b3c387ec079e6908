#include "sandbox/mock_world.hpp"

#include "core/expressions.hpp"
#include "model/service_name.hpp"

#include <algorithm>

namespace kontor::sandbox {
namespace {

struct Chosen {
    const yaml::MockAnswer* answer = nullptr;
    bool in_trouble = false;   ///< one of the calls that it fails or loses first
};

/// The answer number `n` (from 0) of a list in which `fails: 3` and `lost: 3` stand for three answers. The last one repeats.
Chosen nth(const std::vector<yaml::MockAnswer>& answers, std::size_t n) {
    for (const yaml::MockAnswer& answer : answers) {
        const bool last = &answer == &answers.back();
        const std::uint32_t troubles = answer.fails + answer.lost;
        const bool answers_after = answer.result || answer.error;   // `{fails: 2, result: ...}`
        if (n < troubles || (last && troubles > 0 && !answers_after)) return {&answer, true};
        n -= troubles;
        if (troubles > 0 && !answers_after) continue;
        if (n == 0 || last) return {&answer, false};
        --n;
    }
    return {};
}

using Services = decltype(yaml::Mocks::services);

Services::const_iterator find_service(const Services& services, std::string_view name) {
    auto best = services.end();
    for (auto it = services.begin(); it != services.end(); ++it)
        if (model::service_fits(it->first, name) && (best == services.end() || model::says_more(it->first, best->first))) best = it;
    return best;
}

/// Somebody who may complete the task: the assignee, a candidate, a member of the first candidate group; nobody who is excluded.
core::Actor somebody(const OfferedTask& task) {
    const auto& definition = std::get<model::UserTask>(task.element.kind);
    const auto& instance = task.state.at(task.task);
    if (!instance.task->assignee.empty()) return {instance.task->assignee, definition.candidate_groups};
    const auto excluded = [&](const std::string& user) {
        return std::any_of(definition.not_same_user_as.begin(), definition.not_same_user_as.end(), [&](model::ElementIndex other) {
            const auto done = task.state.completed_by.find(other);
            return done != task.state.completed_by.end() && std::find(done->second.begin(), done->second.end(), user) != done->second.end();
        });
    };
    for (const std::string& user : definition.candidate_users)
        if (!excluded(user)) return {user, definition.candidate_groups};
    const std::string base = definition.candidate_groups.empty() ? "somebody" : definition.candidate_groups.front();
    std::string user = base;
    for (int n = 2; excluded(user); ++n) user = base + "-" + std::to_string(n);
    return {user, definition.candidate_groups};
}

}  // namespace

Value MockWorld::evaluate(const model::Formula& formula, const core::State& state, const model::Process& process, core::ElementKey key,
                          const Variables& input, Instant at) {
    const Variables locals{{"input", input}};
    feel::Result result = formula.expression.evaluate(core::VariableScope{state, key, locals}, {at, process.time_zone});
    for (const auto& warning : result.warnings) note(formula.position, warning.message);
    return std::move(result.value);
}

void MockWorld::note(model::Position at, const std::string& what) {
    std::string text = std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + what;
    constexpr std::size_t most = 20;
    if (warnings_.size() < most && std::find(warnings_.begin(), warnings_.end(), text) == warnings_.end()) warnings_.push_back(std::move(text));
}

ServiceAnswer MockWorld::call(const ServiceCall& call) {
    calls_.push_back({call.service, call.input, call.idempotency_key, call.at});
    const auto mocked = find_service(mocks_.services, call.service);
    Chosen chosen;
    if (mocked != mocks_.services.end()) chosen = nth(mocked->second, answered_[call.service]++);
    else if (mocks_.unmocked) chosen = {&*mocks_.unmocked, mocks_.unmocked->fails + mocks_.unmocked->lost > 0 && !mocks_.unmocked->result};
    else if (if_unmocked_ == Unmocked::record && std::find(unmocked_.begin(), unmocked_.end(), call.service) == unmocked_.end())
        unmocked_.push_back(call.service);
    const yaml::MockAnswer* answer = last_answer_[call.idempotency_key] = chosen.answer;
    if (!answer) return {{}, Returned{Variables{}}};

    if (chosen.in_trouble && answer->lost > 0) return {answer->after, Lost{"the mock loses this call"}};
    if (chosen.in_trouble) return {{}, Failed{answer->message.empty() ? "the mock fails here" : answer->message, {}, false}};
    if (answer->error) return {answer->after, ReturnedError{*answer->error, answer->message, {}}};
    if (!answer->result) return {answer->after, Returned{Variables{}}};
    return {answer->after, Returned{evaluate(*answer->result, call.state, call.process, call.job, call.input, call.at)}};
}

core::AnswerQuery MockWorld::query(const ServiceCall& call) {
    const auto last = last_answer_.find(call.idempotency_key);
    if (last == last_answer_.end() || !last->second || !last->second->query) return {call.job, false, {}};
    const yaml::MockQuery& query = *last->second->query;
    if (!query.result) return {call.job, query.took_effect, Value{Variables{}}};
    return {call.job, query.took_effect, evaluate(*query.result, call.state, call.process, call.job, call.input, call.at)};
}

std::optional<TaskAnswer> MockWorld::offer(const OfferedTask& task) {
    const auto mocked = mocks_.user_tasks.find(task.element.id);
    if (mocked == mocks_.user_tasks.end() || mocked->second.empty()) {
        if (if_untold_ == Untold::wait) return std::nullopt;
        return TaskAnswer{{}, {}, somebody(task)};
    }
    const std::size_t n = answered_["task " + task.element.id]++;
    const yaml::MockTask& mock = mocked->second[std::min(n, mocked->second.size() - 1)];
    TaskAnswer answer{mock.after, {}, somebody(task)};
    if (!mock.by.empty()) answer.by.user = mock.by;
    if (!mock.groups.empty()) answer.by.groups = mock.groups;
    if (!mock.result) return answer;
    const Value output = evaluate(*mock.result, task.state, task.process, task.task, task.input, task.at);
    if (const Variables* fields = output.if_context()) answer.output = *fields;
    else note(mock.result->position, "the result of a user task is a context of its fields, not a " + std::string{to_string(output.kind())});
    return answer;
}

}  // namespace kontor::sandbox

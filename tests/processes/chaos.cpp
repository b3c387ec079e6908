#include "processes/chaos.hpp"

namespace kontor::test {

using namespace core;

Value Chaos::answer() {
    if (random_.chance(5)) return {};
    return Variables{{"a", random_.chance(50)}, {"n", random_.below(10)}};
}

Actor Chaos::somebody() {
    return {random_.pick<std::string>({"alice", "bob", "carol"}), random_.chance(50) ? std::vector<std::string>{"clerks"} : std::vector<std::string>{}};
}

Command Chaos::start() {
    return StartInstance{"test", "K", {{"key", "K"}, {"a", random_.chance(50)}, {"n", random_.below(10)}}, somebody(), {}, {}};
}

Command Chaos::for_job(const ElementInstance& instance) {
    const ElementKey key = instance.key;
    switch (instance.job->state) {
        case lifecycle::Job::created: return StartAttempt{key};
        case lifecycle::Job::deferred:
            if (random_.chance(30)) return ExtendJob{key, std::chrono::hours{1}};
            [[fallthrough]];
        case lifecycle::Job::calling:
            switch (random_.below(10)) {
                case 0: return FailJob{key, "it failed", {}, false};
                case 1: return FailJob{key, "later", std::chrono::minutes{5}, false};
                case 2: return FailJob{key, "never", {}, true};
                case 3: return LoseCall{key, "no answer", random_.chance(50)};
                case 4: return DeferJob{key, std::chrono::minutes{random_.between(1, 90)}};
                case 5: return ReturnError{key, random_.pick<std::string>({"E1", "E2", "E3"}), "an error", answer()};
                default: return CompleteJob{key, answer()};
            }
        case lifecycle::Job::querying:
            if (random_.chance(20)) return AnswerQuery{key, {}, {}};
            return AnswerQuery{key, random_.chance(50), answer()};
        case lifecycle::Job::backing_off:
            if (random_.chance(60)) return WakeUpJob{key};
            [[fallthrough]];
        default: return CompleteJob{key, answer()};   // a late answer
    }
}

std::optional<Command> Chaos::fitting(const State& state, Instant now) {
    std::vector<Command> choices;
    for (const auto& [key, instance] : state.elements) {
        if (instance.job) choices.push_back(for_job(instance));
        if (instance.task && instance.task->state != lifecycle::UserTask::completed) {
            choices.push_back(CompleteTask{key, Variables{{"a", random_.chance(50)}, {"n", random_.below(10)}}, somebody()});
            if (random_.chance(20)) choices.push_back(AssignTask{key, random_.pick<std::string>({"alice", "bob", ""}), somebody()});
        }
    }
    for (const auto& [key, wait] : state.waits) {
        const auto* timer = std::get_if<Wait::Timer>(&wait.what);
        if (!timer) choices.push_back(CorrelateMessage{key, "m-" + std::to_string(random_.below(1000)), answer()});
        else if (timer->due <= now) choices.push_back(FireTimer{key});
    }
    for (const auto& [key, incident] : state.incidents)
        choices.push_back(ResolveIncident{key, somebody(), random_.chance(30) ? Variables{{"n", random_.below(10)}} : Variables{}, random_.chance(50)});
    if (state.continuing || random_.chance(2)) choices.push_back(Continue{});
    if (state.phase == lifecycle::Instance::suspended && random_.chance(50)) choices.push_back(ResumeInstance{somebody()});
    if (choices.empty()) return std::nullopt;
    return random_.pick(choices);
}

template <class AnyKey>
AnyKey Chaos::old_key(const State& state) {
    if (random_.chance(50) && !state.elements.empty()) {
        auto it = state.elements.begin();
        std::advance(it, static_cast<std::ptrdiff_t>(random_.below(state.elements.size())));
        return {it->first.value};
    }
    return {(random_.between(1, state.rows + 1) << 12) | random_.below(12)};
}

Command Chaos::unfitting(const State& state) {
    const auto element = [&] { return old_key<ElementKey>(state); };
    switch (random_.below(25)) {
        case 0: return start();
        case 1: return StartAttempt{element()};
        case 2: return CompleteJob{element(), answer()};
        case 3: return ReturnError{element(), "E1", "", {}};
        case 4: return FailJob{element(), "it failed", {}, random_.chance(50)};
        case 5: return LoseCall{element(), "lost", random_.chance(50)};
        case 6: return DeferJob{element(), std::chrono::minutes{1}};
        case 7: return ExtendJob{element(), std::chrono::minutes{1}};
        case 8: return WakeUpJob{element()};
        case 9: return AnswerQuery{element(), random_.chance(50) ? std::optional{true} : std::nullopt, {}};
        case 10: return FireTimer{old_key<WaitKey>(state)};
        case 11: return CorrelateMessage{old_key<WaitKey>(state), "m", {}};
        case 12: return CompleteTask{element(), {}, somebody()};
        case 13: return AssignTask{element(), "alice", somebody()};
        case 14: return ResolveIncident{old_key<IncidentKey>(state), somebody(), {}, {}};
        case 15: return Continue{};
        case 16: return SuspendInstance{somebody(), "pause"};
        case 17: return ResumeInstance{somebody()};
        case 18: return CompleteJob{element(), std::string(largest, 'x')};   // more than a value may take
        case 19: return random_.chance(70) ? Command{Halt{"the store refused it"}} : Command{Rewind{"the store was restored"}};
        case 20: return random_.chance(20) ? Command{CancelInstance{somebody(), "no more", random_.chance(70)}} : Command{Continue{}};
        default: {   // the right kind of thing, but perhaps for a state in which it is not right
            std::vector<ElementKey> jobs;
            for (const auto& [key, instance] : state.elements)
                if (instance.job) jobs.push_back(key);
            if (jobs.empty()) return ResumeInstance{somebody()};
            const ElementKey job = random_.pick(jobs);
            return random_.pick<Command>({FailJob{job, "late", {}, random_.chance(30)}, LoseCall{job, "late", false}, LoseAnswer{job, "late"}, ReturnError{job, "E2", "late", {}},
                                          DeferJob{job, std::chrono::minutes{1}}, AnswerQuery{job, false, {}}, CompleteJob{job, std::string(largest, 'x')}});
        }
    }
}

}  // namespace kontor::test

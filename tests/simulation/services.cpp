#include "simulation/services.hpp"

namespace kontor::simulation {

using namespace core;
using namespace std::chrono_literals;

void Fleet::work(const Call& call, Entry& entry) {
    const bool known = entry.effects > 0 || entry.error;
    if (known && call.contract == model::Contract::idempotent) return;   // the same key: the same answer, no second effect
    if (!known && !good_ && random_.chance(8)) {
        entry.error = random_.pick<std::string>({"E1", "E2"});
        return;
    }
    entry.error.reset();
    ++entry.effects;
    entry.result = Variables{{"a", random_.chance(50)}, {"n", random_.below(10)}};
}

Command Fleet::answer(const Call& call, const Entry& entry) const {
    if (entry.error) return ReturnError{call.job, *entry.error, "it was refused", {}, call.attempt};
    return CompleteJob{call.job, entry.result};
}

void Fleet::call(const Call& call, const Reply& reply, const Reply& later) {
    Entry& entry = ledger_[call.key];
    entry.service = call.service;
    entry.jobs.insert(call.job);
    entry.input = call.input;
    ++entry.calls;
    const auto mood = good_ ? 99 : random_.below(100);
    if (mood < 6) return;                                                     // it never arrives
    if (mood < 18) {                                                          // it arrives, and has no effect
        const FailJob failure{call.job, "no capacity", mood < 9 ? std::optional<Duration>{5s} : std::nullopt, mood == 17, call.attempt};
        clock_.after(milliseconds(1, 2'000), [=] { reply(failure); });
        if (mood < 12) clock_.after(milliseconds(1, 90'000), [=] { reply(failure); });   // and says so twice
        return;
    }
    work(call, entry);
    const Command done = answer(call, entry);
    if (mood < 25) return;                                                    // the answer is lost
    if (mood < 32) return clock_.after(milliseconds(31'000, 200'000), [=] { later(done); });   // it comes after the timeout
    if (mood < 40) {                                                          // somebody answers later, perhaps too late, perhaps never
        clock_.after(milliseconds(1, 500), [=] { reply(DeferJob{call.job, 5min, call.attempt}); });
        if (mood < 38) clock_.after(milliseconds(1'000, 400'000), [=] { later(done); });
        return;
    }
    clock_.after(milliseconds(1, good_ ? 50 : 3'000), [=] { reply(done); });
    if (mood < 52) clock_.after(milliseconds(1, 100'000), [=] { later(done); });   // twice
}

void Fleet::query(const Call& call, const Reply& reply) {
    const auto found = ledger_.find(call.key);
    const bool took_effect = found != ledger_.end() && found->second.effects > 0;
    AnswerQuery told{call.job, took_effect, took_effect ? found->second.result : Value{}};
    if (!good_ && random_.chance(15)) told.took_effect.reset();               // it has forgotten
    clock_.after(milliseconds(1, 1'000), [=] { reply(told); });
}

}  // namespace kontor::simulation

#include "simulation/services.hpp"

#include "journal/encoding.hpp"

#include <algorithm>

namespace kontor::simulation {

using namespace std::chrono_literals;

/// The connection of one engine.
class Fleet::Line final : public Adapter {
public:
    Line(Fleet& fleet, Life& life) : fleet_{fleet}, life_{life} {}
    void invoke(ServiceCall call, Reply reply) override {
        if (!life_.is_gone()) fleet_.call(life_, call, reply);
    }
    void query(ServiceCall call, Reply reply) override {
        if (!life_.is_gone()) fleet_.query(call, reply);
    }

private:
    Fleet& fleet_;
    Life& life_;
};

std::vector<Binding> Fleet::connect(Life& life) {
    const auto line = std::make_shared<Line>(*this, life);
    return {{"*", line, 8}, {"send-*", line, 1}, {"undo-*", line, 2}};
}

/// Nobody may see what is not written: the job, and of what may not simply be called again, that it is called now.
void Fleet::require_durable(const ServiceCall& call, model::Contract contract) const {
    const auto made = core::created_at(call.job());
    auto& memory = customers_.database.memory;
    const auto rows = memory.journal_of_bucket(made.bucket, made.sequence, 1);
    if (rows.empty() || rows.front().position != made || rows.front().instance != call.instance())
        return customers_.time.accuse(std::string{call.service()} + " was called for job " + call.job().str() + ", which is not durable");
    if (contract == model::Contract::idempotent) return;
    int attempts = 0;
    for (const auto& row : memory.journal(call.instance(), {made.bucket, made.sequence - 1}, 10'000))
        for (const auto& event : journal::decode(row.position, row.bytes).events)
            if (const auto* begun = std::get_if<core::JobAttemptStarted>(&event); begun && core::job_of(begun->key) == call.job()) ++attempts;
    if (attempts == 0) customers_.time.accuse(std::string{call.service()} + " was called without a record of it, for job " + call.job().str());
}

void Fleet::work(model::Contract contract, Entry& entry) {
    const bool known = entry.effects > 0 || entry.error;
    if (known && contract == model::Contract::idempotent) return;   // the same key: the same answer, no second effect
    if (!known && !good_ && random_.chance(8)) {
        entry.error = random_.pick<std::string>({"E1", "E2"});
        return;
    }
    entry.error.reset();
    ++entry.effects;
    entry.result = Variables{{"a", random_.chance(50)}, {"n", random_.below(10)}};
}

void Fleet::say(const Reply& reply, const Entry& entry) {
    if (entry.error) reply.business_error({*entry.error, "it was refused", {}});
    else reply.complete(entry.result);
}

/// The call arrives and has no effect; perhaps it says so twice.
void Fleet::refuse(const ServiceCall& call, const Reply& reply, std::uint64_t mood) {
    const auto tell = [mood](const Reply& to) {
        if (mood < 9) to.fail(RetryLater{5s, "no capacity"});
        else if (mood == 17) to.fail(Permanent{"never"});
        else to.fail("no capacity");
    };
    customers_.time.after(milliseconds(1, 2'000), [=] { tell(reply); });
    if (mood >= 12) return;
    customers_.time.after(milliseconds(1, 90'000), [this, tell, key = std::string{call.idempotency_key()}, attempt = call.attempt()] {
        if (const auto anybody = customers_.anybody()) tell(anybody->engine()->inbound().reply_to(key, attempt));
    });
}

/// Somebody answers later through whichever engine; perhaps too late, perhaps never.
void Fleet::answer_later(const ServiceCall& call, const Reply& reply, bool ever) {
    customers_.time.after(milliseconds(1, 500), [=] { reply.defer(Later{5min}); });
    if (!ever) return;
    customers_.time.after(milliseconds(1'000, 400'000), [this, job = call.job(), key = std::string{call.idempotency_key()},
                                                         attempt = static_cast<std::uint32_t>(call.attempt())] {
        const auto anybody = customers_.anybody();
        if (!anybody) return;
        const Entry& entry = ledger_.at(key);
        if (entry.error)
            return anybody->engine()->command_within(job.value, "job", core::ReturnError{core::element_of(job), *entry.error, "it was refused", {}, attempt},
                                                     [](const Result<void>&) {});
        anybody->engine()->complete(job, entry.result, [this, job, anybody](const Result<void>& told) {
            if (told && !anybody->is_gone()) customers_.completed(job);
        });
    });
}

void Fleet::call(Life& life, const ServiceCall& call, const Reply& reply) {
    const auto contract = customers_.contract_of(call);
    require_durable(call, contract);
    const std::string key{call.idempotency_key()};
    Entry& entry = ledger_[key];
    entry.service = call.service();
    entry.jobs.insert(call.job());
    ++entry.calls;
    if (contract != model::Contract::idempotent && !life.owns(core::created_at(call.job()).bucket)) {
        ++ghosts_;
        return;
    }
    const auto mood = good_ ? 99 : random_.below(100);
    if (mood < 6) return customers_.time.after(mood < 3 ? 0ms : 200s, [reply] {});   // it never arrives: the connection breaks, or stays open
    if (mood < 18) return refuse(call, reply, mood);
    work(contract, entry);
    if (mood < 25) return customers_.time.after(mood < 21 ? 10ms : 200s, [reply] {});   // the answer is lost
    if (mood < 32) {                                                                    // it comes after the timeout, by another way
        customers_.time.after(milliseconds(31'000, 200'000), [this, key, reply, attempt = call.attempt()] {
            if (const auto anybody = customers_.anybody()) say(anybody->engine()->inbound().reply_to(key, attempt), ledger_.at(key));
        });
        return;
    }
    if (mood < 40) return answer_later(call, reply, mood < 38);
    customers_.time.after(milliseconds(1, good_ ? 50 : 3'000), [this, key, reply] { say(reply, ledger_.at(key)); });
    if (mood < 52)                                                                      // twice
        customers_.time.after(milliseconds(1, 100'000), [this, key, attempt = call.attempt()] {
            if (const auto anybody = customers_.anybody()) say(anybody->engine()->inbound().reply_to(key, attempt), ledger_.at(key));
        });
}

void Fleet::query(const ServiceCall& call, const Reply& reply) {
    customers_.time.after(milliseconds(1, 1'000), [this, key = std::string{call.idempotency_key()}, reply, forgot = !good_ && random_.chance(15)] {
        const auto found = ledger_.find(key);
        if (forgot) reply.unknown("it has forgotten");
        else if (found != ledger_.end() && found->second.effects > 0) reply.complete(found->second.result);
        else reply.never_happened();
    });
}

}  // namespace kontor::simulation

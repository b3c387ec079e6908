#include "ports/service.hpp"
#include "runtime/calls/handlers.hpp"
#include "runtime/engine_impl.hpp"
#include "store/memory/memory_store.hpp"
#include "testing/bench.hpp"

#include <kontor/testing.hpp>

#include <map>

namespace kontor::testing {

ServiceCall call(FakeCall fake) {
    ServiceCall::Content content;
    content.input = std::move(fake.input);
    content.job = JobKey{1};
    content.instance = InstanceKey{1};
    content.attempt = fake.attempt;
    content.service = std::move(fake.service);
    content.element = std::move(fake.element);
    content.process = "test";
    content.business_key = std::move(fake.business_key);
    content.idempotency_key = std::move(fake.idempotency_key);
    content.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    content.deadline = fake.at + std::chrono::seconds{30};
    content.compensates = std::move(fake.compensates);
    return ports::make_call(std::move(content));
}

namespace {

/// Counts calls on their way to the service itself.
class Counted final : public Adapter {
public:
    using Counts = std::map<std::string, int, std::less<>>;
    Counted(std::shared_ptr<Adapter> adapter, Counts& counts) : adapter_{std::move(adapter)}, counts_{counts} {}

    void start(Inbound& inbound) override { adapter_->start(inbound); }
    void invoke(ServiceCall call, Reply reply) override {
        ++counts_[std::string{call.service()}];
        adapter_->invoke(std::move(call), std::move(reply));
    }
    void query(ServiceCall call, Reply reply) override { adapter_->query(std::move(call), std::move(reply)); }
    void cancel(JobKey job) override { adapter_->cancel(job); }
    void stop(Instant deadline) override { adapter_->stop(deadline); }

private:
    std::shared_ptr<Adapter> adapter_;
    Counts& counts_;
};

}  // namespace

struct Engine::Inside {
    explicit Inside(Options given) : options{std::move(given)}, clock{options.now} {}

    /// The store goes from one engine to the next.
    std::unique_ptr<Impl> make(std::unique_ptr<ports::Store> store) {
        auto made = std::make_unique<Bench>(clock);
        bench = made.get();
        kontor::Options inner;
        inner.store.open = [kept = std::make_shared<std::unique_ptr<ports::Store>>(std::move(store))] { return std::move(*kept); };
        inner.secret = options.secret;
        inner.lease = std::chrono::hours{1};   // nobody else is there, and time passes quickly
        for (const auto& [name, service, max] : options.services) {
            auto adapter = service.adapter() ? service.adapter() : runtime::handler_adapter(service.handler(), bench->callbacks());
            inner.services.push_back({name, std::make_shared<Counted>(std::move(adapter), counts), max});
        }
        return std::make_unique<Impl>(std::move(inner), std::move(made));
    }
    std::unique_ptr<Impl> make() {
        store::Options store;
        store.buckets = 1;
        return make(std::make_unique<store::MemoryStore>(store));
    }

    Options options;
    ManualClock clock;
    Counted::Counts counts;
    Bench* bench = nullptr;
};

Engine::Engine(Options options) : Engine{std::make_unique<Inside>(std::move(options)), nullptr} {}
Engine::Engine(std::unique_ptr<Inside> inside, std::nullptr_t) : kontor::Engine{inside->make()}, inside_{std::move(inside)} {}
Engine::~Engine() { close(); }   // while what it borrows is still there

void Engine::advance(Duration by) {
    if (by < Duration{}) throw Error{Code::bad_input, "the clock of a test only goes forward"};
    const Instant until = now() + by;
    inside_->bench->settle();
    while (inside_->clock.ring_next(until)) inside_->bench->settle();
    inside_->clock.set(until);
    inside_->bench->settle();
}

Instant Engine::now() const { return inside_->clock.now(); }

void Engine::restart() {
    auto store = impl().leave();
    replace(inside_->make(std::move(store)));
    run();
    inside_->bench->settle();
}

std::vector<std::string> Engine::path(InstanceKey key) const {
    std::vector<std::string> path;
    HistoryQuery query{.instance = key};
    do {
        const auto page = history(query);
        for (const auto& event : page)
            if (event.type == "elementActivated" && !event.element.empty() && event.element != event.process) path.push_back(event.element);
        query.after = page.next;
    } while (query.after);
    return path;
}

int Engine::calls(std::string_view service) const {
    const auto it = inside_->counts.find(service);
    return it == inside_->counts.end() ? 0 : it->second;
}

}  // namespace kontor::testing

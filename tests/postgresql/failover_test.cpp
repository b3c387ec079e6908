// Engines whose PostgreSQL server is replaced by its standby, under load.
#include "postgresql_server/server.hpp"
#include "runtime/care/audit.hpp"
#include "runtime/care/check.hpp"
#include "store/postgresql/open_postgresql.hpp"

#include <kontor/kontor.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include <poll.h>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* process = R"(
kontor: 1
process: transfer
services:
  account.debit:  { contract: idempotent }
  account.credit: { contract: idempotent }
flow:
  - startEvent: ordered
  - serviceTask: debit
    service: account.debit
  - serviceTask: credit
    service: account.credit
  - endEvent: done
)";

bool until(const std::function<bool()>& condition) {
    for (const auto end = std::chrono::steady_clock::now() + 60s; !condition(); ::poll(nullptr, 0, 2))
        if (std::chrono::steady_clock::now() > end) return false;
    return true;
}

/// What services have been asked for: by step and business key, the idempotency keys.
class Books {
public:
    Answer book(const ServiceCall& call) {
        const std::scoped_lock lock{mutex_};
        auto& keys = keys_[std::string{call.service()} + " " + std::string{call.business_key()}];
        ++keys[std::string{call.idempotency_key()}];
        return {};
    }
    /// Steps, each under one key.
    [[nodiscard]] std::size_t steps() const {
        const std::scoped_lock lock{mutex_};
        std::size_t count = 0;
        for (const auto& [step, keys] : keys_) count += keys.size();
        return count;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::map<std::string, int>> keys_;
};

/// Clients who start instances one after the other, under request ids, and insist.
class Clients {
public:
    explicit Clients(std::vector<Engine*> engines) : engines_{std::move(engines)} {
        for (int n = 0; n < 4; ++n) threads_.emplace_back([this, n] { work(n); });
    }
    void stop() {
        ends_ = true;
        for (auto& thread : threads_) thread.join();
    }
    [[nodiscard]] int confirmed() const noexcept { return confirmed_; }
    [[nodiscard]] const std::map<std::string, InstanceKey>& keys() const noexcept { return keys_; }   // when they have stopped

private:
    void work(int client) {
        for (int n = 0; !ends_; ++n) {
            const std::string id = std::to_string(client) + "-" + std::to_string(n);
            for (std::size_t attempt = static_cast<std::size_t>(client);; ++attempt) try {
                const auto started = engines_[attempt % engines_.size()]->start({.process = "transfer", .business_key = id, .request_id = id});
                const std::scoped_lock lock{mutex_};
                keys_[id] = started.key;
                ++confirmed_;
                break;
            } catch (const Error& error) {
                if (!error.retryable() && error.code() != Code::outcome_unknown) throw;
            }
        }
    }
    std::vector<Engine*> engines_;
    std::atomic<bool> ends_{false};
    std::atomic<int> confirmed_{0};
    std::mutex mutex_;
    std::map<std::string, InstanceKey> keys_;
    std::vector<std::thread> threads_;
};

void check_store(const std::string& url, const Clients& clients) {
    const auto store = store::open_postgresql(url, {.access = store::Access::reader});
    runtime::Definitions definitions;
    definitions.load(store->deployments());
    std::map<std::string, InstanceKey> ended;
    for (InstanceKey after{};;) {
        const auto rows = store->instances({.after = after, .limit = 1000});
        for (const auto& row : rows) {
            CHECK(row.phase == lifecycle::Instance::completed);
            CHECK(ended.emplace(row.business_key, row.key).second);   // no request was carried out twice
        }
        if (rows.empty()) break;
        after = rows.back().key;
    }
    CHECK(ended == clients.keys());
    CHECK(store->integrity().empty());
    CHECK(runtime::verify_chains(*store).broken.empty());
    CHECK(runtime::check_rows(*store, definitions).differences.empty());
}

}  // namespace

TEST_CASE("a standby takes over under load, and engines go on with it by themselves", "[.][standby]") {
    Server primary;
    Server standby{Server::Standby{primary}};
    primary.wait_for_standby(true);
    const std::string url = primary.url_with(standby);
    Books books;
    std::vector<std::unique_ptr<Engine>> engines;
    std::vector<Engine*> all;
    const int count = GENERATE(1, 2);
    for (int n = 0; n < count; ++n) {
        const auto book = [&](const ServiceCall& call) { return books.book(call); };
        engines.push_back(std::make_unique<Engine>(Options{.store = store_at(url), .services = {{"account.*", book, 32}}}));
        engines.back()->deploy({yaml_text(process, "transfer.yaml")});
        engines.back()->run();
        all.push_back(engines.back().get());
    }
    Clients clients{all};
    REQUIRE(until([&] { return clients.confirmed() > 100; }));

    primary.crash();
    const std::string both = "127.0.0.1:" + std::to_string(primary.port()) + ",127.0.0.1:" + std::to_string(standby.port());
    for (const auto* engine : all) {
        CHECK(until([&] { return !engine->health().ready; }));
        CHECK(engine->health().live);
        CHECK_THAT(engine->health().why, Catch::Contains(both));
    }
    // Once nobody can have an old connection, the reason is that the standby is one.
    CHECK(until([&] { return engines[0]->health().why.find("read-only") != std::string::npos; }));
    const int before = clients.confirmed();
    const auto promoted = std::chrono::steady_clock::now();
    standby.promote();
    CHECK(until([&] { return clients.confirmed() > before + 100; }));
    CHECK(std::chrono::steady_clock::now() - promoted < 20s);
    for (const auto* engine : all) CHECK(until([&] { return engine->health().ready; }));
    clients.stop();
    for (const auto& [id, key] : clients.keys()) REQUIRE(engines[0]->wait_for(key, 30s));
    for (const auto& engine : engines) engine->stop(10s);
    CHECK(books.steps() == 2 * clients.keys().size());   // each under one key, however often it was called
    check_store(standby.url(), clients);
}

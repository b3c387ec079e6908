#pragma once
/// What an engine is made from: a store, services, and what the host brings.
#include <kontor/service.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kontor {

namespace ports {
class Store;
}

/// Where an engine keeps what must last. Made by kontor::sqlite(), kontor::memory(), ...; opened by the Engine's constructor.
struct Store {
    std::function<std::unique_ptr<ports::Store>()> open{};
};
/// Nothing lasts: for tests.
Store memory();
/// A SQLite database file, made if absent. One engine at a time.
Store sqlite(std::string path);
/// A PostgreSQL database (15 or later), by `host=... dbname=... user=...` or `postgresql://user@host:port/db`; the store's tables are made if
/// absent. What is not said comes from libpq's environment: keep passwords in PGPASSFILE. Engines of several processes share the work.
Store postgresql(std::string connection);
/// By URL: `sqlite:loans.db`, `postgresql://bank@db.example/loans`, `memory:`.
Store store_at(std::string url);

enum class LogLevel { debug, info, warning, error };
/// `debug`, `info`, `warning`, `error`.
std::string_view to_string(LogLevel) noexcept;
struct LogRecord {
    Instant at{};
    LogLevel level = LogLevel::info;
    std::string_view text{};      ///< never holds variables, payloads or secrets
    InstanceKey instance{};
};

/// Numbers for whatever the host measures with. Called from several threads; must neither block nor throw.
class Metrics {
public:
    using Labels = std::span<const std::pair<std::string_view, std::string_view>>;
    virtual ~Metrics() = default;
    /// A counter grows.
    virtual void add(std::string_view name, double delta, Labels labels) noexcept = 0;
    /// A sample of a distribution; names that end in `_seconds` are seconds.
    virtual void observe(std::string_view name, double value, Labels labels) noexcept = 0;
};

/// Where handlers and callbacks run.
class Executor {
public:
    virtual ~Executor() = default;
    /// Any thread; must not run the work before it returns.
    virtual void post(std::function<void()> work) = 0;
};

/// What the engine takes for the time.
class Clock {
public:
    virtual ~Clock() = default;
    /// Any thread. May jump either way.
    [[nodiscard]] virtual Instant now() const = 0;
    /// Calls `then` once, from any thread, soon after the clock shows `when`; dropping what is returned forgets it.
    [[nodiscard]] virtual std::shared_ptr<void> alarm(Instant when, std::function<void()> then) = 0;
};

struct Options {
    Store store{};
    std::vector<Binding> services{};
    std::shared_ptr<Executor> executor{};              ///< default: a pool of `threads` of its own
    unsigned threads = 0;                              ///< for handlers and callbacks; 0: eight
    std::shared_ptr<Metrics> metrics{};
    std::function<void(const LogRecord&)> log{};
    std::function<std::string(std::string_view name)> secret{};
    std::shared_ptr<Clock> clock{};                    ///< default: the system's
    std::size_t queue = 10'000;                        ///< commands that may wait in a bucket before calls are refused with Code::busy
    /// Names this engine in logs, among several on one store: letters, digits and signs of ASCII, no blanks; default: its process id.
    std::string node{};
    /// Of several engines on a PostgreSQL store: one that gives no sign of life for so long loses its work to the others. One that dies
    /// loses it at once. From 100 ms to an hour.
    Duration lease = std::chrono::seconds{10};
    Duration request_memory = std::chrono::hours{24};  ///< how long a request id is remembered
    /// How long the journal of instances that have ended is kept; 0: for ever. Dropped by the month in which instances started, when all of
    /// that month have ended longer ago than this.
    Duration retention{0};
    /// For tools that only record what somebody wants: services need not be bound, no service is called, no timer fires
    /// and nothing is recovered. What is begun goes on when another engine runs on the store; one that runs already does it.
    bool records_only = false;
};

}  // namespace kontor

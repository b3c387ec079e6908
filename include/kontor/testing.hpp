#pragma once
/// For a host's own unit tests: an engine on one thread whose clock the test moves, and calls for one handler alone.
#include <kontor/engine.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::testing {

/// What a handler under test is called with.
struct FakeCall {
    Variables input{};
    int attempt = 1;
    Instant at{};                                  ///< the deadline is 30 s later
    std::string idempotency_key = "test-key";
    std::string service = "test";
    std::string element = "test";
    std::string business_key{};
    std::optional<CompensatedCall> compensates{};
};
ServiceCall call(FakeCall = {});

/// 2026-01-01T00:00:00Z.
inline constexpr Instant new_year{std::chrono::seconds{1'767'225'600}};

struct Options {
    std::vector<Binding> services{};
    Instant now = new_year;
    std::function<std::string(std::string_view name)> secret{};
};

/// Everything happens within the calls of the test, on its thread: handlers too, so no thread can race the clock. The store is in memory.
/// Not thread-safe. A call whose answer only a later time brings throws Error{unavailable}.
class Engine : public kontor::Engine {
public:
    explicit Engine(Options);
    ~Engine();

    /// Moves the clock, doing on the way what becomes due in its order. Throws Error{bad_input} for a negative duration.
    void advance(Duration by);
    [[nodiscard]] Instant now() const;
    /// As if the process had been killed and started again: what was under way is recovered.
    void restart();

    /// The elements that an instance has entered, in that order, without those that only a reader made.
    [[nodiscard]] std::vector<std::string> path(InstanceKey) const;
    /// How often a service was called, repetitions included.
    [[nodiscard]] int calls(std::string_view service) const;

private:
    struct Inside;
    Engine(std::unique_ptr<Inside>, std::nullptr_t);   // two parameters, so that `Engine{{}}` can only mean the options
    std::unique_ptr<Inside> inside_;
};

}  // namespace kontor::testing

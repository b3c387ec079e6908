#pragma once
/// One of the bank's services: answers calls, remembers them by key, can be asked about them, and can be made slow or failing.
#include "services/book.hpp"
#include "services/desk.hpp"
#include "net/server.hpp"

#include <atomic>

namespace loan {

struct Behaviour {
    int fail_every = 0;               ///< every Nth call answers 503; 1: all do; 0: none
    int delay_ms = 0;                 ///< before each answer
};

/// POST /OPERATION          a call, under its Idempotency-Key
/// GET  /OPERATION/KEY      what became of it: its answer, 202 while it is being worked on, 404 if it never came
/// GET, PUT /behaviour      {"failEvery": 3, "delayMs": 200}
/// GET  /count              calls and failed: since it started; keys and steps: in its book. More keys than steps: something was done twice
class BankService {
public:
    BankService(const Desk& desk, unsigned seed, Behaviour behaviour, const std::filesystem::path& book = {});
    /// Any thread. Throws std::invalid_argument for a request that makes no sense.
    Response handle(const Request& request);

private:
    Response call(const std::string& operation, const Request& request);
    [[nodiscard]] Response query(const std::string& path) const;
    [[nodiscard]] Response behaviour() const;
    void change(const Object& wanted);
    [[nodiscard]] Response count() const;

    const Desk& desk_;
    const unsigned seed_;
    std::atomic<int> fail_every_, delay_ms_;
    std::atomic<long> calls_{0}, failed_{0};
    Book book_;
};

}  // namespace loan

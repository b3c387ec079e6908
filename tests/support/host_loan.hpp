#pragma once
/// A process that a host starts and drives in transactions of its own, and what the engine says about it.
#include <kontor/options.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>

namespace kontor::test {

/// What the engine logged, to be waited for.
class Log {
public:
    void add(const LogRecord& record) {
        const std::scoped_lock lock{mutex_};
        texts_ += std::string{record.text} + "\n";
        changed_.notify_all();
    }
    [[nodiscard]] bool has(std::string_view text) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, std::chrono::seconds{20}, [&] { return texts_.find(text) != texts_.npos; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string texts_;
};

/// Its service answers later.
inline constexpr const char* host_loan = R"(
kontor: 1
process: loan
variables:
  id: { type: string, required: true }
  price: { type: number }
  decision: { type: any }
services:
  property.value: { contract: idempotent, timeout: P3D }
messages:
  withdrawn: { correlationKey: = id, timeToLive: P1D }
flow:
  - startEvent: asked
  - userTask: review
    candidateGroups: [clerks]
    output: decision
  - serviceTask: value-property
    service: property.value
    output: { price: = result.price }
  - endEvent: valued
eventSubProcesses:
  - message: withdrawn
    flow:
      - endEvent: gone
)";

}  // namespace kontor::test

#pragma once
/// Instances that wait, for a date, a message or a person: what they cost while nothing happens, and when something does.
#include <kontor/engine.hpp>

#include <cstdint>
#include <functional>

namespace kontor::bench {

class Interrupts;

struct ParkedOptions {
    std::uint64_t instances = 100'000;                      ///< a third waits for each
    unsigned messages = 500;                                ///< that are published, one after the other
    bool due = false;                                       ///< the dates are past when the engine is restarted
    std::function<void(std::uint64_t started)> progress{};  ///< now and then; what it throws ends it
};

struct Parked {
    double starts_per_second = 0;
    double store_bytes_per_instance = 0;       ///< 0 for a store that is no file
    double restart_seconds = 0;                ///< from opening the store until the engine runs
    double resident_mb = 0;                    ///< of a process that has just been restarted, when all messages have come
    double message_p50_ms = 0;                 ///< from publish() to the call of the service behind the wait
    double message_p99_ms = 0;
    double due_seconds = 0;                    ///< if the dates were past: from the restart until all their services were called
    double due_per_second = 0;
};

/// Starts them, and leaves them in the store. Returns how many a second. Throws Error if one cannot be started.
double park(const Store& store, const ParkedOptions&);

/// Fills the store in a process of its own, so that the memory of a restarted engine is what is measured. Call it before any thread is
/// started. Throws Error{unavailable} if that process fails, Interrupted.
Parked measure_parked(const Store& store, const std::string& file, const Interrupts&, const ParkedOptions&);

}  // namespace kontor::bench

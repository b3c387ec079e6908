#pragma once
/// Failures on demand: what a database does on a bad day, at the instant that a test chooses.
#include "ports/store.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

namespace kontor::store {

/// One commit that goes wrong.
struct Fault {
    enum class When : std::uint8_t { before_durable, after_durable };
    When when = When::before_durable;
    ports::CommitResult answer = ports::CommitUnknown{"fault on demand"};
};

/// Asked under the store's lock, so that the numbers are exact: the functions must not call the store.
struct FaultPlan {
    /// The number of the commit, from 1 on, and what it would write.
    std::function<std::optional<Fault>(std::uint64_t nth, const ports::Batch&)> on_commit;
    /// The number of the read (and take, deploy, outcome, ...), from 1 on. True: it throws Error{unavailable}.
    std::function<bool(std::uint64_t nth)> on_call;
};

inline FaultPlan fail_commit(std::uint64_t number, Fault fault) {
    return {.on_commit = [number, fault = std::move(fault)](std::uint64_t nth, const ports::Batch&) {
                return nth == number ? std::optional{fault} : std::nullopt;
            },
            .on_call = {}};
}

}  // namespace kontor::store

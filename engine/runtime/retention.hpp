#pragma once
/// Drops the journals of months whose instances have all ended long enough ago.
#include "ports/store.hpp"

#include <functional>
#include <string>

namespace kontor::runtime {

/// One thread at a time.
class Retention {
public:
    /// `keep` of 0: for ever. `tell` hears what was dropped.
    Retention(ports::Store& store, Duration keep, std::function<void(const std::string&)> tell) : store_{store}, keep_{keep}, tell_{std::move(tell)} {}

    /// Asked often, it looks once in an hour. Blocks. Throws Error.
    void look(Instant now);

private:
    ports::Store& store_;
    const Duration keep_;
    std::function<void(const std::string&)> tell_;
    Instant next_ = Instant::min();
};

/// `2026-03`
std::string period_name(std::int32_t period);

}  // namespace kontor::runtime

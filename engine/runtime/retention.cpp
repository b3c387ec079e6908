#include "runtime/retention.hpp"

#include "runtime/instance/rows.hpp"

#include <cstdio>

namespace kontor::runtime {
namespace {

constexpr Duration between_looks = std::chrono::hours{1};

}  // namespace

void Retention::look(Instant now) {
    if (keep_ <= Duration{0} || now < next_) return;
    next_ = now + between_looks;
    const Instant ended_before = now - keep_;
    for (const std::int32_t period : store_.periods()) {
        // Whoever started later than that cannot have ended before it.
        if (period >= period_of(ended_before)) return;
        const auto dropped = store_.drop_period(period, ended_before);
        if (dropped && *dropped > 0) tell_("the journal of " + period_name(period) + " was dropped: " + std::to_string(*dropped) + " instances");
    }
}

std::string period_name(std::int32_t period) {
    const std::int32_t year = 1970 + (period >= 0 ? period / 12 : (period - 11) / 12);
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02d", year, period - (year - 1970) * 12 + 1);
    return text;
}

}  // namespace kontor::runtime

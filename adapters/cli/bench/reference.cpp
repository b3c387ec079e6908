#include "cli/bench/reference.hpp"

#include "bench/elsewhere.hpp"
#include "cli/bench/scratch.hpp"
#include "ports/store.hpp"

#include <algorithm>

namespace kontor::cli::bench {

namespace measuring = kontor::bench;

measuring::LimitResult limit_of(const std::string& url, unsigned in_flight, std::chrono::seconds duration, const measuring::Interrupts& interrupts) {
    const Scratch scratch{url};
    return measuring::elsewhere<measuring::LimitResult>(interrupts, "measure the database", duration * 2 + std::chrono::minutes{1}, [&] {
        return measuring::measure_limit(*scratch.place().open(), {.in_flight = std::min(in_flight, 100U), .duration = duration,
                                                                  .connections = scratch.connections()});
    });
}

}  // namespace kontor::cli::bench

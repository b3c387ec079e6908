#include "bench/limit.hpp"

#include <kontor/error.hpp>

#include <algorithm>
#include <future>
#include <string>

namespace kontor::bench {

namespace {

constexpr int waves = 9;
constexpr int rows_per_wave = 2;
constexpr std::size_t journal_bytes = 200;
constexpr std::size_t instance_bytes = 1024;

struct Live {
    ports::InstanceRow row;
};

/// The links are constants: hashing is the engine's work, not the database's.
void add_rows(ports::Batch& batch, ports::Lease& lease, Live& live, int wave) {
    for (int n = 0; n < rows_per_wave; ++n) {
        const core::Position position{lease.bucket, lease.next_sequence++};
        if (!live.row.key) {
            live.row.key = core::KeyMaker{position}.next<InstanceKey>();
            live.row.process = "home-loan";
            live.row.definition = "home-loan:1:" + std::string(64, 'a');
            live.row.business_key = "L-" + live.row.key.str();
            live.row.business_key += std::string(instance_bytes - 200 - live.row.business_key.size(), 'x');   // other columns: about 200
        }
        batch.journal.push_back({.position = position, .instance = live.row.key, .previous = live.row.last.sequence,
                                 .bytes = std::string(journal_bytes, static_cast<char>(position.sequence))});
        live.row.last = position;
        ++live.row.rows;
    }
    if (wave == 0 || wave == waves - 1) {
        if (wave == waves - 1) live.row.phase = lifecycle::Instance::completed;
        batch.instances.push_back(live.row);
    }
}

/// One connection's share, in a bucket of its own.
LimitResult fill(ports::Store& store, std::uint32_t bucket, const LimitOptions& options, std::chrono::steady_clock::time_point end) {
    ports::Lease lease = store.take(bucket, "limit");
    LimitResult result;
    ports::Batch batch;
    while (std::chrono::steady_clock::now() < end) {
        std::vector<Live> live(std::clamp(options.in_flight, 1U, 100U));
        for (int wave = 0; wave < waves; ++wave) {
            batch.journal.clear();
            batch.instances.clear();
            ++batch.number;
            const std::uint64_t start = lease.next_sequence;
            for (Live& instance : live) add_rows(batch, lease, instance, wave);
            batch.advances = {{lease.bucket, lease.epoch, start, lease.next_sequence}};
            if (!std::holds_alternative<ports::Committed>(store.commit(batch))) {
                throw Error{Code::unavailable, "the store did not commit while it was measured"};
            }
            ++result.commits;
        }
        result.instances += live.size();
    }
    return result;
}

}  // namespace

LimitResult measure_limit(ports::Store& store, const LimitOptions& options) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::future<LimitResult>> shares;
    for (std::uint32_t n = 0; n < options.connections; ++n) {
        shares.push_back(std::async(std::launch::async, [&, n] { return fill(store, n, options, begin + options.duration); }));
    }
    LimitResult result;
    for (auto& share : shares) {
        const LimitResult part = share.get();
        result.instances += part.instances;
        result.commits += part.commits;
    }
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return result;
}

}  // namespace kontor::bench

#include "runtime/care/audit.hpp"

#include "runtime/instance/rows.hpp"

#include <map>

namespace kontor::runtime {
namespace {

constexpr std::size_t rows_at_once = 1'000;

/// The chains of one bucket, read in the order of their rows.
class BucketAudit {
public:
    BucketAudit(ports::Store& store, std::uint32_t bucket, Audit& audit) : store_{store}, bucket_{bucket}, audit_{audit} {}

    void read(const std::function<void(std::size_t)>& progress) {
        for (std::uint64_t from = 1;;) {
            const auto rows = store_.journal_of_bucket(bucket_, from, rows_at_once);
            for (const auto& row : rows) add(row);
            progress(rows.size());
            if (rows.size() < rows_at_once) return;
            from = rows.back().position.sequence + 1;
        }
    }
    void compare() {
        for_each_instance(store_, bucket_, [this](const ports::InstanceRow& row) {
            if (row.dropped && !chains_.contains(row.key)) {
                ++audit_.dropped;
                return;
            }
            // One that began when its bucket had been read has a chain of nothing yet: the rest is read on.
            const auto it = chains_.try_emplace(row.key, row.key).first;
            compare(it->second, row);
            chains_.erase(it);
        });
        for (const auto& [key, chain] : chains_) {
            // It may have begun behind the place where its page of instances was read.
            if (const auto row = store_.instance(key)) compare(chains_.at(key), *row);
            else broken(key, std::nullopt, "it has rows in the journal and no row among the instances");
        }
        audit_.instances += audited_;
    }

private:
    void add(const ports::JournalRow& row) {
        ++audit_.rows;
        chains_.try_emplace(row.instance, row.instance).first->second.add({row.position, row.bytes, row.link});
    }
    void compare(journal::ChainVerifier& chain, const ports::InstanceRow& row) {
        ++audited_;
        if (chain.broken_at())
            return broken(row.key, chain.broken_at(), "the row does not follow: it, or one before it, was changed, removed or inserted");
        if (chain.length() < row.rows) read_on(chain, row);
        if (chain.broken_at()) return broken(row.key, chain.broken_at(), "the row does not follow: it was changed or inserted");
        if (chain.length() == row.rows && chain.head() == row.head) return;
        // The owner may have written on between two readings.
        const auto now = store_.instance(row.key);
        if (now && now->rows > row.rows) return --audited_, compare(chain, *now);
        if (chain.length() == 0) return broken(row.key, std::nullopt, "all of its " + std::to_string(row.rows) + " rows are missing");
        if (chain.length() < row.rows)
            return broken(row.key, std::nullopt,
                          "its last rows are missing: " + std::to_string(chain.length()) + " of " + std::to_string(row.rows) + " are there");
        broken(row.key, row.last, "its end is not the one that the instance row keeps");
    }
    /// What was written since its bucket was read.
    void read_on(journal::ChainVerifier& chain, const ports::InstanceRow& row) {
        std::uint64_t passed = 0;
        for (core::Position after;;) {
            const auto rows = store_.journal(row.key, after, rows_at_once);
            for (const auto& next : rows)
                if (++passed > chain.length()) chain.add({next.position, next.bytes, next.link});
            if (rows.size() < rows_at_once || chain.broken_at()) return;
            after = rows.back().position;
        }
    }
    void broken(InstanceKey key, std::optional<core::Position> at, std::string what) { audit_.broken.push_back({key, at, std::move(what)}); }

    ports::Store& store_;
    std::uint32_t bucket_;
    Audit& audit_;
    std::map<InstanceKey, journal::ChainVerifier> chains_;
    std::uint64_t audited_ = 0;
};

}  // namespace

std::uint64_t rows_written(ports::Store& store) {
    // Not by the buckets' numbers: after a restore they go on somewhere else.
    std::uint64_t total = 0;
    ports::InstanceFilter filter{.limit = rows_at_once};
    for (std::size_t found = rows_at_once; found == rows_at_once;) {
        const auto rows = store.instances(filter);
        for (const auto& row : rows) total += row.dropped ? 0 : row.rows;
        found = rows.size();
        if (found > 0) filter.after = rows.back().key;
    }
    return total;
}

Audit verify_chains(ports::Store& store, const Progress& progress) {
    Audit audit;
    const std::uint64_t total = rows_written(store);
    std::uint64_t done = 0;
    for (std::uint32_t bucket = 0; bucket < store.info().buckets; ++bucket) {
        BucketAudit part{store, bucket, audit};
        part.read([&](std::size_t rows) {
            if (progress) progress(std::min(done += rows, total), total);
        });
        part.compare();
    }
    return audit;
}

}  // namespace kontor::runtime

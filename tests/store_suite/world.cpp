#include "store_suite/world.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <stdexcept>

namespace kontor::test {

Instant at(std::int64_t milliseconds) {
    using namespace std::chrono;
    return time_point_cast<Duration>(sys_days{2026y / March / 2}) + Duration{milliseconds};
}

std::string every_byte(std::size_t count, unsigned first) {
    std::string bytes;
    for (std::size_t n = 0; n < count; ++n) bytes += static_cast<char>(static_cast<unsigned char>(first + n));
    return bytes;
}

const std::vector<std::string>& awkward_texts() {
    static const std::vector<std::string> texts{
        "", " ", "'; drop table journal; --", "\"quoted\" and 'quoted'", "a:b :c ?1 $1 @d", "100 % _under_ \\ {1,2} NULL null",
        "line\nbreak\ttab\r", "Zürich, Łódź, 東京, 🏦, e\xCC\x81", "\x01\x1F\x7F", std::string(300'000, 'x')};
    return texts;
}

Writer::Writer(ports::Store& store, std::uint32_t buckets, std::string_view node) : store_{store} {
    for (std::uint32_t bucket = 0; bucket < buckets; ++bucket) leases_[bucket] = store.take(bucket, node);
}

ports::Batch Writer::batch(std::initializer_list<std::uint32_t> buckets) {
    ports::Batch made;
    made.number = ++batches_;
    for (const std::uint32_t bucket : buckets) {
        const auto& lease = leases_.at(bucket);
        made.advances.push_back({bucket, lease.epoch, lease.next_sequence, lease.next_sequence});
    }
    return made;
}

ports::InstanceRow& Writer::row(ports::Batch& batch, InstanceKey key) {
    return *std::ranges::find(batch.instances, key, &ports::InstanceRow::key);
}

InstanceKey Writer::record(ports::Batch& batch, InstanceKey key, std::string bytes, std::uint32_t bucket) {
    if (key) bucket = core::created_at(key).bucket;
    auto& advance = *std::ranges::find(batch.advances, bucket, &ports::Advance::bucket);
    const core::Position position{bucket, advance.end++};
    if (!key) key = core::KeyMaker{position}.next<InstanceKey>();
    auto found = std::ranges::find(batch.instances, key, &ports::InstanceRow::key);
    if (found == batch.instances.end()) {
        const auto known = instances_.find(key);
        const auto stored = known == instances_.end() ? store_.instance(key) : std::optional{known->second};
        batch.instances.push_back(stored ? *stored
                                         : ports::InstanceRow{.key = key, .period = 674, .process = "home-loan", .definition = "home-loan:1",
                                                              .started = at(0), .changed = at(0), .head = journal::first_link(key)});
        found = batch.instances.end() - 1;
    }
    ports::JournalRow made{.position = position, .instance = key, .period = found->period, .previous = found->last.sequence,
                           .bytes = std::move(bytes), .link = {}};
    made.link = journal::extend(found->head, position, made.bytes);
    found->head = made.link;
    found->last = position;
    ++found->rows;
    batch.journal.push_back(std::move(made));
    return key;
}

ports::CommitResult Writer::try_commit(const ports::Batch& batch) {
    auto result = store_.commit(batch);
    if (std::holds_alternative<ports::Committed>(result)) remember(batch);
    return result;
}

void Writer::commit(const ports::Batch& batch) {
    const auto result = try_commit(batch);
    INFO(why(result));
    REQUIRE(name(result) == "committed");
}

void Writer::remember(const ports::Batch& batch) {
    for (const auto& advance : batch.advances) leases_[advance.bucket].next_sequence = advance.end;
    for (const auto& row : batch.instances) instances_[row.key] = row;
}

std::uint64_t Writer::key(std::uint32_t bucket) {
    // Far behind all rows that a test writes, so that no instance has it.
    return (std::uint64_t{bucket} << 55) | (1ULL << 50) | ++keys_;
}

std::string name(const ports::CommitResult& result) {
    static constexpr const char* names[] = {"committed", "fenced", "unknown", "unavailable", "refused"};
    return names[result.index()];
}

std::string why(const ports::CommitResult& result) {
    return std::visit([]<class T>(const T& answer) -> std::string {
        if constexpr (requires { answer.why; }) return answer.why;
        return {};
    }, result);
}

std::optional<std::string> broken_instance(ports::Store& store, InstanceKey key) {
    const auto row = store.instance(key);
    if (!row) return "no instance row";
    journal::ChainVerifier verifier{key};
    core::Position after;
    while (true) {
        const auto page = store.journal(key, after, 7);
        for (const auto& entry : page) {
            if (!verifier.add({entry.position, entry.bytes, entry.link})) return "broken at " + std::to_string(entry.position.sequence);
            after = entry.position;
        }
        if (page.size() < 7) break;
    }
    if (verifier.head() != row->head || verifier.length() != row->rows) return "rows are missing at the end";
    return std::nullopt;
}

std::uint64_t require_whole(ports::Store& store) {
    std::uint64_t rows = 0;
    for (std::uint32_t bucket = 0; bucket < store.info().buckets; ++bucket) {
        std::uint64_t next = 1;
        for (auto page = store.journal_of_bucket(bucket, 1, 500); !page.empty(); page = store.journal_of_bucket(bucket, next, 500)) {
            for (const auto& row : page) {
                if (row.position != core::Position{bucket, next}) throw std::runtime_error{"a hole before " + std::to_string(row.position.sequence)};
                ++next;
                ++rows;
            }
        }
    }
    ports::InstanceFilter filter{.limit = 500};
    for (auto page = store.instances(filter); !page.empty(); page = store.instances(filter)) {
        for (const auto& row : page) {
            if (const auto broken = broken_instance(store, row.key)) throw std::runtime_error{"instance " + row.key.str() + ": " + *broken};
        }
        filter.after = page.back().key;
    }
    return rows;
}

}  // namespace kontor::test

#pragma once
/// Makes batches that a runtime could make: dense positions, linked rows, whole hash chains.
#include "ports/store.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::test {

/// The day on which all tests take place, and milliseconds after it.
Instant at(std::int64_t milliseconds);
/// `count` bytes, none the same as its neighbours: all values in turn from `first` on.
std::string every_byte(std::size_t count = 256, unsigned first = 0);
/// Texts that a careless store would spoil.
const std::vector<std::string>& awkward_texts();

/// Somebody who owns buckets and writes to them.
class Writer {
public:
    Writer(ports::Store& store, std::uint32_t buckets = 1, std::string_view node = "node");

    /// The next batch for these buckets, empty as yet; commit() or give up.
    ports::Batch batch(std::initializer_list<std::uint32_t> buckets = {0});
    /// A journal row of the instance with its instance row; without key, of a new instance in that bucket.
    InstanceKey record(ports::Batch&, InstanceKey, std::string bytes, std::uint32_t bucket = 0);
    InstanceKey start(ports::Batch& in, std::uint32_t bucket = 0, std::string bytes = "started") { return record(in, {}, std::move(bytes), bucket); }
    /// The instance row of the batch, to be changed.
    static ports::InstanceRow& row(ports::Batch&, InstanceKey);
    /// Expects success and remembers what is durable now.
    void commit(const ports::Batch&);
    ports::CommitResult try_commit(const ports::Batch&);
    /// A key that nothing else has, as decide() would make it with the row that this batch writes next.
    std::uint64_t key(std::uint32_t bucket = 0);
    [[nodiscard]] ports::Store& store() noexcept { return store_; }
    [[nodiscard]] const ports::Lease& lease(std::uint32_t bucket) const { return leases_.at(bucket); }

private:
    void remember(const ports::Batch&);

    ports::Store& store_;
    std::map<std::uint32_t, ports::Lease> leases_;
    std::map<InstanceKey, ports::InstanceRow> instances_;
    std::uint64_t batches_ = 0;
    std::uint64_t keys_ = 0;
};

/// The name of the result: committed, fenced, unknown, unavailable, refused.
std::string name(const ports::CommitResult&);
std::string why(const ports::CommitResult&);

/// Reads all pages of an instance's journal and checks chain, order and the head in the instance row. Nothing if all is well.
std::optional<std::string> broken_instance(ports::Store&, InstanceKey);
/// The same for all instances, and that positions of all buckets are dense. Returns the number of rows, throws on damage.
std::uint64_t require_whole(ports::Store&);

}  // namespace kontor::test

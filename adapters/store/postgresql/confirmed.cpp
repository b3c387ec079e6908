#include "store/postgresql/confirmed.hpp"

namespace kontor::store::postgresql {

void Confirmed::raise(std::uint32_t bucket, const Mark& mark) {
    if (bucket >= marks_.size()) marks_.resize(bucket + 1);
    if (mark.is_ahead_of(marks_[bucket])) marks_[bucket] = mark;
}

void Confirmed::note(const ports::Batch& batch) {
    const std::lock_guard lock{mutex_};
    for (const auto& advance : batch.advances) raise(advance.bucket, {.epoch = advance.epoch, .batch = batch.number});
}

void Confirmed::note_taken(std::uint32_t bucket, std::uint64_t epoch) {
    const std::lock_guard lock{mutex_};
    raise(bucket, {.epoch = epoch});
}

std::uint64_t Confirmed::batch_of(const ports::Advance& advance) const {
    const std::lock_guard lock{mutex_};
    if (advance.bucket >= marks_.size() || marks_[advance.bucket].epoch != advance.epoch) return 0;
    return marks_[advance.bucket].batch;
}

std::vector<Confirmed::Mark> Confirmed::marks() const {
    const std::lock_guard lock{mutex_};
    return marks_;
}

}  // namespace kontor::store::postgresql

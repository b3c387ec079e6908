#pragma once
/// Keys inside the core, and how they are made without a counter of their own.
#include <kontor/key.hpp>

#include <cassert>
#include <cstdint>

namespace kontor::core {

struct ElementInstanceTag { static constexpr std::string_view name = "element instance"; };
struct WaitTag { static constexpr std::string_view name = "wait"; };
struct CompensationTag { static constexpr std::string_view name = "compensation"; };

/// An element instance. The process instance is the root of its scope tree: its ElementKey has the value of the InstanceKey.
/// A job and a user task have the value of the element instance that they belong to.
using ElementKey = Key<ElementInstanceTag>;
/// A timer or a message subscription that an element instance waits for.
using WaitKey = Key<WaitTag>;
using CompensationKey = Key<CompensationTag>;

/// The place of a journal row: dense within its bucket, the first is 1.
struct Position {
    std::uint32_t bucket = 0;   ///< 0 to 255
    std::uint64_t sequence = 0; ///< 1 to 2^43-1
    friend auto operator<=>(const Position&, const Position&) = default;
};

/// Makes the keys of one decide: 8 bits of bucket, 43 of sequence, 12 of ordinal. Whoever knows the position of a journal row knows
/// all keys that it can create, so keys need no counter in a database and stay unique when a failed commit is decided again.
class KeyMaker {
public:
    static constexpr std::uint32_t most = 4096;

    explicit KeyMaker(Position at) noexcept
        : base_{(static_cast<std::uint64_t>(at.bucket) << 55) | (at.sequence << 12)} {
        assert(at.bucket < 256 && at.sequence > 0 && at.sequence < (1ULL << 43));
    }
    template <class AnyKey>
    AnyKey next() noexcept {
        assert(used_ < most);
        return {base_ | used_++};
    }
    [[nodiscard]] std::uint32_t left() const noexcept { return most - used_; }

private:
    std::uint64_t base_;
    std::uint32_t used_ = 0;
};

/// The row in which the thing was created.
template <class AnyKey>
Position created_at(AnyKey key) noexcept {
    return {static_cast<std::uint32_t>(key.value >> 55), (key.value >> 12) & ((1ULL << 43) - 1)};
}

constexpr ElementKey root_of(InstanceKey key) noexcept { return {key.value}; }
constexpr InstanceKey instance_of(ElementKey root) noexcept { return {root.value}; }
constexpr JobKey job_of(ElementKey key) noexcept { return {key.value}; }
constexpr TaskKey task_of(ElementKey key) noexcept { return {key.value}; }
constexpr ElementKey element_of(JobKey key) noexcept { return {key.value}; }
constexpr ElementKey element_of(TaskKey key) noexcept { return {key.value}; }

}  // namespace kontor::core

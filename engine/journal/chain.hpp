#pragma once
/// The hash chain of an instance: whoever changes, removes, inserts or reorders a row breaks it at that row.
///
/// link(n) = SHA-256(link(n-1) || bucket || sequence || stored bytes), numbers as 4 and 8 bytes, most significant first. The chain runs
/// over the bytes as they are stored, so it can be verified without decoding an event, and old rows are never encoded again.
/// A chain that somebody has computed anew from the changed row on is whole again: only a copy of its head elsewhere shows that.
#include "core/keys.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kontor::journal {

struct Link {
    std::array<std::byte, 32> hash{};
    /// 64 hexadecimal digits.
    [[nodiscard]] std::string str() const;
    friend bool operator==(const Link&, const Link&) = default;
};

/// What stands before the first row of an instance: no two instances have the same, so rows cannot be moved between them.
Link first_link(InstanceKey);
/// The link of a row. Any thread.
Link extend(const Link& previous, core::Position, std::string_view bytes);

/// A row as a store gives it back.
struct ChainedRow {
    core::Position position;
    std::string_view bytes;
    Link link;
};

/// Checks rows one after the other, so that a long instance need not be in memory. Not for several threads at once.
class ChainVerifier {
public:
    explicit ChainVerifier(InstanceKey instance) : head_{first_link(instance)} {}

    /// Whether the row follows. After the first row that does not, everything is refused: nothing behind it proves anything.
    bool add(const ChainedRow&);

    [[nodiscard]] std::optional<core::Position> broken_at() const noexcept { return broken_at_; }
    /// The link and the number of the rows that were found whole; to be compared with the head that the store keeps apart, since rows
    /// cut off at the end leave a shorter chain that is whole.
    [[nodiscard]] const Link& head() const noexcept { return head_; }
    [[nodiscard]] std::uint64_t length() const noexcept { return length_; }

private:
    Link head_;
    core::Position last_;
    std::uint64_t length_ = 0;
    std::optional<core::Position> broken_at_;
};

/// The first row that breaks the chain, or nothing if it is whole.
std::optional<core::Position> verify(InstanceKey, std::span<const ChainedRow>);

}  // namespace kontor::journal

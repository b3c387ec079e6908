#pragma once
/// Keys as distances: nine bytes become one or two, because a row speaks mostly of what it creates, of the instance's root, and of
/// the same few element instances again.
#include "core/keys.hpp"
#include "value/bytes.hpp"

#include <chrono>
#include <kontor/temporal.hpp>

namespace kontor::journal {

/// What stored keys and times are relative to.
struct Base {
    std::uint64_t row = 0;        ///< the key with ordinal 0 of the row
    std::uint64_t instance = 0;   ///< the value of the instance key
    Instant at{};
};

inline std::uint64_t first_key(core::Position at) noexcept { return core::KeyMaker{at}.next<InstanceKey>().value; }

/// Writes or reads the keys of one row, in order: it remembers the last one. A key is one varint, distance << 2 | form.
class KeyCodec {
public:
    explicit KeyCodec(const Base& base) noexcept : row_{base.row}, instance_{base.instance}, last_{base.row} {}

    void write(std::uint64_t key, bytes::Writer& out);
    std::uint64_t read(bytes::Reader& in);

private:
    enum Form : std::uint8_t {
        in_row = 0,        // distance is the ordinal of a key that this row creates
        in_instance = 1,   // distance from the instance key, which is older than all its others
        from_last = 2,     // signed distance (zigzag) from the last key in this form, at first from the row
        other = 3,         // 0: no key; 1: eight bytes follow
    };
    struct Stored {
        Form form;
        std::uint64_t distance;
        friend bool operator==(const Stored&, const Stored&) = default;
    };
    [[nodiscard]] Stored shortest(std::uint64_t key) const noexcept;

    std::uint64_t row_;
    std::uint64_t instance_;
    std::uint64_t last_;
};

}  // namespace kontor::journal

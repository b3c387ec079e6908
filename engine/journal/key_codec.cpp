#include "journal/key_codec.hpp"

#include <cassert>

namespace kontor::journal {
namespace {

constexpr std::uint64_t largest_key = ~std::uint64_t{0} >> 1;
constexpr std::uint64_t too_far = std::uint64_t{1} << 48;   // from here on eight plain bytes are as short

constexpr std::uint64_t zigzag(std::uint64_t difference) noexcept { return difference << 1 ^ (0 - (difference >> 63)); }
constexpr std::uint64_t unzigzag(std::uint64_t stored) noexcept { return stored >> 1 ^ (0 - (stored & 1)); }

}  // namespace

KeyCodec::Stored KeyCodec::shortest(std::uint64_t key) const noexcept {
    if (key == 0) return {other, 0};
    if (key - row_ < core::KeyMaker::most) return {in_row, key - row_};
    const std::uint64_t from_instance = key - instance_;
    const std::uint64_t from_before = zigzag(key - last_);
    const Stored nearest = from_instance <= from_before ? Stored{in_instance, from_instance} : Stored{from_last, from_before};
    return nearest.distance < too_far ? nearest : Stored{other, 1};
}

void KeyCodec::write(std::uint64_t key, bytes::Writer& out) {
    assert(key <= largest_key);
    const Stored stored = shortest(key);
    out.varint(stored.distance << 2 | stored.form);
    if (stored == Stored{other, 1}) out.word(key);
    if (stored.form == from_last) last_ = key;
}

std::uint64_t KeyCodec::read(bytes::Reader& in) {
    const std::uint64_t number = in.varint();
    const Stored stored{static_cast<Form>(number & 3), number >> 2};
    std::uint64_t key = 0;
    switch (stored.form) {
        case in_row: key = row_ + stored.distance; break;
        case in_instance: key = instance_ + stored.distance; break;
        case from_last: key = last_ + unzigzag(stored.distance); break;
        case other: key = stored.distance == 0 ? 0 : in.word(); break;
    }
    // One form for each key, so that equal rows have equal bytes.
    if (key > largest_key || shortest(key) != stored) bytes::Reader::damaged("not a key in its only form");
    if (stored.form == from_last) last_ = key;
    return key;
}

}  // namespace kontor::journal

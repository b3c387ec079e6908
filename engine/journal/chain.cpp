#include "journal/chain.hpp"

#include "journal/digest.hpp"

namespace kontor::journal {
namespace {

template <std::size_t Size>
void put(std::uint64_t number, char* out) {
    for (std::size_t i = 0; i < Size; ++i) out[i] = static_cast<char>(number >> 8 * (Size - 1 - i));
}

std::string_view text(const Link& link) {
    return {reinterpret_cast<const char*>(link.hash.data()), link.hash.size()};
}

}  // namespace

std::string Link::str() const { return hex(hash); }

Link first_link(InstanceKey instance) {
    std::array<char, 8> key;
    put<8>(instance.value, key.data());
    return {sha256({"kontor journal 1", {key.data(), key.size()}})};
}

Link extend(const Link& previous, core::Position position, std::string_view bytes) {
    std::array<char, 12> place;
    put<4>(position.bucket, place.data());
    put<8>(position.sequence, place.data() + 4);
    return {sha256({text(previous), {place.data(), place.size()}, bytes})};
}

bool ChainVerifier::add(const ChainedRow& row) {
    if (broken_at_) return false;
    const bool later = length_ == 0 || (row.position.bucket == last_.bucket && row.position.sequence > last_.sequence);
    const Link link = extend(head_, row.position, row.bytes);
    if (!later || link != row.link) {
        broken_at_ = row.position;
        return false;
    }
    head_ = link;
    last_ = row.position;
    ++length_;
    return true;
}

std::optional<core::Position> verify(InstanceKey instance, std::span<const ChainedRow> rows) {
    ChainVerifier verifier{instance};
    for (const auto& row : rows) {
        if (!verifier.add(row)) break;
    }
    return verifier.broken_at();
}

}  // namespace kontor::journal

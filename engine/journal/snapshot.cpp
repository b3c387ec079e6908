#include "journal/snapshot.hpp"

#include "journal/digest.hpp"
#include "journal/layout.hpp"
#include "journal/state_fields.hpp"

namespace kontor::journal {
namespace {

// To be raised when a field changes its meaning. When fields come, go or change their type, the fingerprint changes by itself.
constexpr std::uint8_t version = 1;

std::uint64_t first_word(const Digest& digest) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i) word = word << 8 | std::to_integer<std::uint64_t>(digest[i]);
    return word;
}

std::uint64_t fingerprint() {
    static const std::uint64_t known = first_word(sha256({Layout::of<core::State>()}));
    return known;
}

std::uint64_t checksum(std::string_view content) { return first_word(sha256({content})); }

Base base_of(std::uint64_t instance) { return {.row = instance, .instance = instance, .at = {}}; }

}  // namespace

std::string encode_snapshot(const core::State& state) {
    std::string content;
    bytes::Writer{content}.varint(state.key.value);
    FieldWriter{base_of(state.key.value), content}.fields(state);

    std::string out;
    out.reserve(content.size() + 17);
    bytes::Writer writer{out};
    writer.byte(version);
    writer.word(fingerprint());
    writer.word(checksum(content));
    writer.raw(content);
    return out;
}

std::optional<core::State> decode_snapshot(std::string_view bytes) try {
    bytes::Reader in{bytes};
    if (in.byte() != version || in.word() != fingerprint()) return std::nullopt;
    if (in.word() != checksum(in.rest())) return std::nullopt;
    core::State state;
    FieldReader{base_of(in.varint()), in}.fields(state);
    if (!in.empty()) return std::nullopt;
    return state;
} catch (const Error&) {
    return std::nullopt;
}

}  // namespace kontor::journal

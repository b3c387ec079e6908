#include "journal/upgrade.hpp"

#include <algorithm>
#include <tuple>

namespace kontor::journal {
namespace {

template <class... E>
std::vector<Decoder> present_versions(std::type_identity<std::variant<E...>>) {
    return {present_version<E>()...};
}

}  // namespace

Decoders::Decoders(std::span<const Decoder> old) : all_{present_versions(std::type_identity<core::Event>{})} {
    all_.insert(all_.end(), old.begin(), old.end());
    std::sort(all_.begin(), all_.end(), [](const Decoder& a, const Decoder& b) {
        return std::tuple{a.type.number, b.type.version} < std::tuple{b.type.number, a.type.version};
    });
}

const Decoders& Decoders::released() {
    static const Decoders decoders{old_versions()};
    return decoders;
}

std::span<const Decoder> Decoders::versions_of(std::uint64_t number) const noexcept {
    const auto less = [](const Decoder& decoder, std::uint64_t wanted) { return decoder.type.number < wanted; };
    const auto first = std::lower_bound(all_.begin(), all_.end(), number, less);
    const auto last = std::find_if(first, all_.end(), [&](const Decoder& decoder) { return decoder.type.number != number; });
    return {first, last};
}

const Decoder* Decoders::find(std::uint64_t number, std::uint64_t version) const noexcept {
    for (const Decoder& decoder : versions_of(number)) {
        if (decoder.type.version == version) return &decoder;
    }
    return nullptr;
}

bool Decoders::knows(std::uint64_t number, std::uint64_t version) const noexcept {
    const auto versions = versions_of(number);
    return !versions.empty() && version <= versions.front().type.version;
}

}  // namespace kontor::journal

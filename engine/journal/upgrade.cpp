#include "journal/upgrade.hpp"

#include <array>
#include <tuple>

namespace kontor::journal {
namespace {

// Old structs stand here, each with its upgraded().

constexpr std::array<Decoder, 0> old_table{
    // old_version<JobCreatedV1>(),
};

template <class... E>
std::vector<Decoder> present_versions(std::type_identity<std::variant<E...>>) {
    return {present_version<E>()...};
}

}  // namespace

std::span<const Decoder> old_versions() noexcept { return old_table; }

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

const Decoder* Decoders::find(std::uint64_t number, std::uint64_t version) const noexcept {
    const auto same_number = std::lower_bound(all_.begin(), all_.end(), number, [](const Decoder& d, std::uint64_t n) { return d.type.number < n; });
    for (auto it = same_number; it != all_.end() && it->type.number == number; ++it) {
        if (it->type.version == version) return &*it;
    }
    return nullptr;
}

bool Decoders::knows(std::uint64_t number, std::uint64_t version) const noexcept {
    const auto newest = std::lower_bound(all_.begin(), all_.end(), number, [](const Decoder& d, std::uint64_t n) { return d.type.number < n; });
    return newest != all_.end() && newest->type.number == number && version <= newest->type.version;
}

}  // namespace kontor::journal

#pragma once
/// How events of every released version become the events of today. Private to this folder and its tests.
///
/// To give an event a new version: change the struct in core/event.hpp and raise its version; put the old struct, with its type and
/// `each_field` and a `Now upgraded() &&`, into old_versions.cpp; and add `old_version<Old>()` to the table there.
#include "journal/field_codec.hpp"

#include <span>

namespace kontor::journal {

struct Decoder {
    core::EventType type;
    core::Event (*read)(FieldReader&);
};

template <class E>
constexpr Decoder present_version() {
    return {E::type, [](FieldReader& in) {
                E event{};
                in.fields(event);
                return core::Event{std::move(event)};
            }};
}
template <class Old>
constexpr Decoder old_version() {
    return {Old::type, [](FieldReader& in) {
                Old event{};
                in.fields(event);
                return core::Event{std::move(event).upgraded()};
            }};
}

/// The versions that no journal gets any more. In a file of their own: the simulator brings another, as if there had been a release before.
std::span<const Decoder> old_versions() noexcept;

/// Finds the decoder of a stored event. Immutable: any thread may ask.
class Decoders {
public:
    explicit Decoders(std::span<const Decoder> old);

    /// Those of this program.
    static const Decoders& released();

    /// Null if there is none; then knows() says whether it comes from the future.
    [[nodiscard]] const Decoder* find(std::uint64_t number, std::uint64_t version) const noexcept;
    /// Whether `version` is at most the present one of that event.
    [[nodiscard]] bool knows(std::uint64_t number, std::uint64_t version) const noexcept;

private:
    [[nodiscard]] std::span<const Decoder> versions_of(std::uint64_t number) const noexcept;

    std::vector<Decoder> all_;   // sorted by number, then the newest first
};

}  // namespace kontor::journal

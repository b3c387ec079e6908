#pragma once
/// Random structs of any kind, made from their lists of fields. The same seed gives the same objects on every machine.
#include "journal/field_codec.hpp"
#include "journal/state_fields.hpp"

#include <random>

namespace kontor::journal::test {

/// How fields are filled.
enum class Fill { at_random, all, none };

class Maker {
public:
    explicit Maker(std::uint32_t seed, Fill fill = Fill::at_random) : random_{seed}, fill_{fill} {}

    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
    core::Position position() { return {static_cast<std::uint32_t>(below(256)), 1 + (random_() >> 21) % ((std::uint64_t{1} << 43) - 1)}; }

    /// A row with the events that `make` gives, whose keys are in part its own.
    core::Record record(std::size_t events) {
        core::Record record;
        record.position = position();
        row_ = first_key(record.position);
        record.instance = {row_ - std::min(row_ & 0x7f'ffff'ffff'ffff, below(1'000'000) << 12)};
        instance_ = record.instance.value;
        record.at = at_ = Instant{Duration{1'772'000'000'000 + static_cast<std::int64_t>(below(1'000'000'000))}};
        while (record.events.size() < events) record.events.push_back(event(below(std::variant_size_v<core::Event>)));
        return record;
    }
    core::Event event(std::size_t type) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            core::Event made;
            ((I == type && (made = any<std::variant_alternative_t<I, core::Event>>(), true)) || ...);
            return made;
        }(std::make_index_sequence<std::variant_size_v<core::Event>>{});
    }
    core::State state() {
        levels_ = 0;
        row_ = instance_ = first_key(position());
        return any<core::State>();
    }

    template <class T>
    T any() {
        if constexpr (is_key<T>) return T{key()};
        else if constexpr (std::same_as<T, Instant>) return at_ + Duration{static_cast<std::int64_t>(bits()) / (1 << 20)};
        else if constexpr (TableIndex<T>) return T{static_cast<std::uint32_t>(1 + below(300))};
        else if constexpr (std::same_as<T, bool>) return fill_ == Fill::all || below(2) == 1;
        else if constexpr (std::integral<T>) return static_cast<T>(bits() | 1);
        else if constexpr (std::same_as<T, std::string>) return text();
        else if constexpr (std::same_as<T, Value>) return value(3);
        else if constexpr (std::same_as<T, Variables>) return context(2);
        else if constexpr (NamedEnum<T>) return any_enum<T>();
        else if constexpr (is_optional<T>) return any<typename T::value_type>();
        else if constexpr (is_list<T> || is_map<T>) return items<T>();
        else if constexpr (is_variant<T>) return any_alternative(std::type_identity<T>{});
        else {
            T object = blank<T>();
            ++levels_;
            each_field(object, [&]<class F>(std::string_view, F& field) { fill(field); });
            --levels_;
            return object;
        }
    }

private:
    template <class F>
    void fill(F& field) {
        if constexpr (always_stored<F>) {
            field = any<F>();
        } else {
            const bool wanted = fill_ == Fill::all ? levels_ < 5 : fill_ == Fill::at_random && levels_ < 8 && below(3) != 0;
            field = wanted ? any<F>() : F{};
        }
    }
    std::uint64_t bits() { return random_() >> below(64); }
    std::uint64_t key() {
        switch (below(5)) {
            case 0: return row_ + below(core::KeyMaker::most);
            case 1: return instance_;
            case 2: return instance_ + below(1'000'000);
            case 3: return 1 + (random_() >> 2);
            default: return row_ > 5'000'000 ? row_ - below(5'000'000) : row_;
        }
    }
    std::string text() {
        std::string text(1 + below(20), ' ');
        for (char& c : text) c = static_cast<char>('a' + below(26));
        return text;
    }
    Value value(int levels) {
        switch (below(levels > 0 ? 8 : 6)) {
            case 0: return true;
            case 1: return static_cast<std::int64_t>(bits());
            case 2: return Decimal::from_bits({bits(), 0x3032000000000000}).value_or(7);
            case 3: return text();
            case 4: return Date{2026, static_cast<std::uint8_t>(1 + below(12)), 28};
            case 5: return DaysDuration{static_cast<std::int64_t>(below(1'000'000)), 0};
            case 6: return std::vector<Value>{value(levels - 1), nullptr, value(levels - 1)};
            default: return context(levels - 1);
        }
    }
    Variables context(int levels) {
        Variables made;
        for (auto count = 1 + below(3); count > 0; --count) made.set(text(), value(levels));
        return made;
    }
    template <NamedEnum E>
    E any_enum() {
        return static_cast<E>(below(count_of<E>()));
    }
    template <class T>
    T items() {
        T made;
        for (auto count = 1 + below(3); count > 0; --count) {
            if constexpr (is_map<T>) made.emplace(any<typename T::key_type>(), any<typename T::mapped_type>());
            else made.push_back(any<typename T::value_type>());
        }
        return made;
    }
    template <class... A>
    std::variant<A...> any_alternative(std::type_identity<std::variant<A...>>) {
        const auto chosen = below(sizeof...(A));
        std::size_t place = 0;
        std::optional<std::variant<A...>> made;
        ((place++ == chosen && (made = any<A>(), true)) || ...);
        return *std::move(made);
    }

    std::mt19937_64 random_;
    Fill fill_;
    unsigned levels_ = 0;
    std::uint64_t row_ = 1 << 12;
    std::uint64_t instance_ = 1 << 12;
    Instant at_{};
};

}  // namespace kontor::journal::test

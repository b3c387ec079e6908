#pragma once
/// One value on its way to or from SQL, and how our types look there. SQL knows three kinds: numbers of 63 bits and a sign, texts, bytes.
#include "journal/chain.hpp"
#include "lifecycle/lifecycle.hpp"
#include "ports/damaged.hpp"

#include <kontor/error.hpp>
#include <kontor/key.hpp>
#include <kontor/temporal.hpp>

#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kontor::store {

enum class Kind : std::uint8_t { number, text, bytes };

struct Cell {
    long long number = 0;
    std::string text;
    bool null = false;
};

/// A row of an answer, by column.
class Cells {
public:
    virtual ~Cells() = default;
    [[nodiscard]] virtual const Cell& operator[](std::size_t column) const = 0;
};

/// A position as one number that grows with it: the keys made in that row begin with it.
inline std::uint64_t packed(core::Position at) noexcept { return std::uint64_t{at.bucket} << 55 | at.sequence << 12; }
inline std::uint32_t bucket_of(std::uint64_t key) noexcept { return static_cast<std::uint32_t>(key >> 55); }
/// The keys of a bucket lie from here to the same of the next bucket.
inline std::uint64_t first_key(std::uint32_t bucket) noexcept { return std::uint64_t{bucket} << 55; }

/// JSON arrays, so that people can read the tables.
void put_list(Cell&, const std::vector<std::string>&);
void put_list(Cell&, const std::vector<std::pair<std::string, std::string>>&);
void get_list(const Cell&, std::vector<std::string>&);
void get_list(const Cell&, std::vector<std::pair<std::string, std::string>>&);
lifecycle::Instance phase_of(const std::string& name);

template <std::integral T>
void put(Cell& cell, T value) { cell.number = static_cast<long long>(value); }
template <std::integral T>
void get(const Cell& cell, T& value) { value = static_cast<T>(cell.number); }

template <class Tag>
void put(Cell& cell, Key<Tag> value) { put(cell, value.value); }
template <class Tag>
void get(const Cell& cell, Key<Tag>& value) { get(cell, value.value); }

inline void put(Cell& cell, Instant value) { put(cell, value.time_since_epoch().count()); }
inline void get(const Cell& cell, Instant& value) { value = Instant{Duration{cell.number}}; }

inline void put(Cell& cell, core::Position value) { put(cell, packed(value)); }
inline void get(const Cell& cell, core::Position& value) {
    const auto number = static_cast<std::uint64_t>(cell.number);
    value = {bucket_of(number), (number >> 12) & ((1ULL << 43) - 1)};
}

inline void put(Cell& cell, const std::string& value) { cell.text = value; }
inline void get(const Cell& cell, std::string& value) { value = cell.text; }

inline void put(Cell& cell, const journal::Link& value) {
    cell.text.assign(reinterpret_cast<const char*>(value.hash.data()), value.hash.size());
}
inline void get(const Cell& cell, journal::Link& value) {
    if (cell.text.size() != value.hash.size()) throw ports::Damaged{"a link of a hash chain is not 32 bytes long"};
    std::memcpy(value.hash.data(), cell.text.data(), value.hash.size());
}

inline void put(Cell& cell, lifecycle::Instance value) { cell.text = lifecycle::to_string(value); }
inline void get(const Cell& cell, lifecycle::Instance& value) { value = phase_of(cell.text); }

template <class T>
void put(Cell& cell, const std::vector<T>& value) { put_list(cell, value); }
template <class T>
void get(const Cell& cell, std::vector<T>& value) { get_list(cell, value); }

template <class T>
void put(Cell& cell, const std::optional<T>& value) {
    cell.null = !value;
    if (value) put(cell, *value);
}
template <class T>
void get(const Cell& cell, std::optional<T>& value) {
    value.reset();
    if (!cell.null) get(cell, value.emplace());
}

template <class T>
inline constexpr Kind kind_of = Kind::text;
template <std::integral T>
inline constexpr Kind kind_of<T> = Kind::number;
template <class Tag>
inline constexpr Kind kind_of<Key<Tag>> = Kind::number;
template <>
inline constexpr Kind kind_of<Instant> = Kind::number;
template <>
inline constexpr Kind kind_of<core::Position> = Kind::number;
template <>
inline constexpr Kind kind_of<journal::Link> = Kind::bytes;
template <class T>
inline constexpr Kind kind_of<std::optional<T>> = kind_of<T>;

}  // namespace kontor::store

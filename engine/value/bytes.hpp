#pragma once
/// The low level of stored bytes: integers of variable length, texts with their length in front, fixed words.
///
/// varint    7 bits a byte, the lowest first, bit 7 set on all but the last byte; the shortest form is the only one
/// zigzag    a signed integer as varint: 0, -1, 1, -2, ... become 0, 1, 2, 3, ...
/// text      a varint with the number of bytes, then the bytes
/// word      8 bytes, the lowest first
#include <kontor/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace kontor::bytes {

/// Appends to a string that must outlive it.
class Writer {
public:
    explicit Writer(std::string& out) noexcept : out_{out} {}

    void byte(std::uint8_t value) { out_ += static_cast<char>(value); }
    void varint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) byte(static_cast<std::uint8_t>(value | 0x80));
        byte(static_cast<std::uint8_t>(value));
    }
    void zigzag(std::int64_t value) {
        varint(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
    }
    void word(std::uint64_t value) {
        for (int shift = 0; shift < 64; shift += 8) byte(static_cast<std::uint8_t>(value >> shift));
    }
    void raw(std::string_view content) { out_ += content; }
    void text(std::string_view content) {
        varint(content.size());
        raw(content);
    }
    [[nodiscard]] std::string& out() noexcept { return out_; }

private:
    std::string& out_;
};

/// Takes from the front of bytes that must outlive it and what it returns. Every member throws Error{Code::bad_input} when the
/// bytes end too early or are not what a Writer makes.
class Reader {
public:
    explicit Reader(std::string_view in) noexcept : rest_{in} {}

    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
    [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }

    std::uint8_t byte() {
        if (rest_.empty()) damaged("they end too early");
        const auto value = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const std::uint8_t next = byte();
            if (shift == 63 && next > 1) damaged("a number is too large");
            value |= std::uint64_t{next & 0x7fu} << shift;
            if (next < 0x80) {
                if (next == 0 && shift != 0) damaged("a number is longer than it needs to be");
                return value;
            }
        }
        damaged("a number is too large");
    }
    std::int64_t zigzag() {
        const std::uint64_t value = varint();
        return static_cast<std::int64_t>(value >> 1 ^ (0 - (value & 1)));
    }
    std::uint64_t word() {
        std::uint64_t value = 0;
        const std::string_view content = raw(8);
        for (std::size_t n = 0; n < 8; ++n) value |= std::uint64_t{static_cast<std::uint8_t>(content[n])} << (8 * n);
        return value;
    }
    std::string_view raw(std::uint64_t size) {
        if (size > rest_.size()) damaged("they end too early");
        const auto content = rest_.substr(0, static_cast<std::size_t>(size));
        rest_.remove_prefix(content.size());
        return content;
    }
    std::string_view text() { return raw(varint()); }
    /// The number of things that follow, each of at least `smallest` bytes: so a damaged number cannot ask for much memory.
    std::size_t count(std::size_t smallest) {
        const std::uint64_t value = varint();
        if (value > rest_.size() / smallest) damaged("they end too early");
        return static_cast<std::size_t>(value);
    }

    [[noreturn]] static void damaged(const char* why) {
        throw Error{Code::bad_input, std::string{"stored bytes are damaged: "} + why};
    }

private:
    std::string_view rest_;
};

}  // namespace kontor::bytes

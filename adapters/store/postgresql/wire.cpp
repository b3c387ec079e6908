#include "store/postgresql/wire.hpp"

#include <kontor/error.hpp>

namespace kontor::store::postgresql::wire {

namespace {

template <class Number>
void append_big_endian(std::string& to, Number number) {
    char bytes[sizeof number];
    for (std::size_t n = 0; n < sizeof number; ++n) bytes[n] = static_cast<char>(static_cast<unsigned char>(number >> (8 * (sizeof number - 1 - n))));
    to.append(bytes, sizeof number);
}

void put_at(std::string& in, std::size_t at, std::uint32_t number) {
    for (std::size_t n = 0; n < 4; ++n) in[at + n] = static_cast<char>(static_cast<unsigned char>(number >> (24 - 8 * n)));
}

// ndim, whether there are NULLs, the elements' type, their number, the first one's index
constexpr std::size_t nulls_at = 4, count_at = 12;
constexpr std::size_t most = std::size_t{512} << 20;   // PostgreSQL ends a connection that sends a message of 1 GB

}  // namespace

unsigned type_of(Kind kind) noexcept { return kind == Kind::number ? 20 : kind == Kind::text ? 25 : 17; }
unsigned array_of(Kind kind) noexcept { return kind == Kind::number ? 1016 : kind == Kind::text ? 1009 : 1001; }

void append(std::string& to, Kind kind, const Cell& cell) {
    if (kind == Kind::number) append_big_endian(to, static_cast<std::uint64_t>(cell.number));
    else to += cell.text;
}

void read(std::string_view bytes, Kind kind, Cell& cell) {
    if (kind != Kind::number) {
        cell.text.assign(bytes);
        return;
    }
    std::uint64_t number = 0;
    for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
    cell.number = static_cast<long long>(number);
}

Array::Array(Kind kind) : kind_{kind} {
    for (const std::uint32_t head : {1U, 0U, type_of(kind), 0U, 1U}) append_big_endian(bytes_, head);
}

void Array::add(const Cell& cell) {
    ++count_;
    if (cell.null) {
        has_null_ = true;
        return append_big_endian(bytes_, ~std::uint32_t{0});
    }
    append_big_endian(bytes_, static_cast<std::uint32_t>(kind_ == Kind::number ? 8 : cell.text.size()));
    append(bytes_, kind_, cell);
}

std::string Array::take() && {
    if (bytes_.size() > most) throw Error{Code::bad_input, "more than 512 MB in one column of a commit: PostgreSQL does not take that"};
    put_at(bytes_, nulls_at, has_null_ ? 1 : 0);
    put_at(bytes_, count_at, count_);
    return std::move(bytes_);
}

}  // namespace kontor::store::postgresql::wire

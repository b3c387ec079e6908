#pragma once
/// Values as PostgreSQL's binary format has them: numbers as int8, texts, bytes, and arrays of these.
///
/// SOCI sends all parameters as text, up to the first NUL: bytes would have to go as hexadecimal digits, twice as many.
#include "store/shared/cell.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace kontor::store::postgresql::wire {

/// The type's object id, the same in every database.
unsigned type_of(Kind) noexcept;
unsigned array_of(Kind) noexcept;

void append(std::string& to, Kind, const Cell&);
/// Into the cell; a NULL is not for it.
void read(std::string_view bytes, Kind, Cell&);

/// An array of one dimension.
class Array {
public:
    explicit Array(Kind);
    void add(const Cell&);
    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    /// What PostgreSQL reads. Throws Error{bad_input} if that is more than it takes in one value.
    [[nodiscard]] std::string take() &&;

private:
    Kind kind_;
    std::uint32_t count_ = 0;
    bool has_null_ = false;
    std::string bytes_;
};

}  // namespace kontor::store::postgresql::wire

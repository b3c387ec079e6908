#pragma once
/// What goes into a statement that is written by hand.
#include "store/shared/cell.hpp"

#include <string>
#include <string_view>

namespace kontor::store {

/// Not a text: any byte may stand there.
struct Bytes {
    std::string_view bytes;
};

/// A parameter of a statement that is written by hand.
class Argument {
public:
    Argument(std::integral auto number) : kind_{Kind::number} { put(cell_, number); }
    template <class Tag>
    Argument(Key<Tag> key) : kind_{Kind::number} { put(cell_, key); }
    Argument(Instant at) : kind_{Kind::number} { put(cell_, at); }
    Argument(core::Position at) : kind_{Kind::number} { put(cell_, at); }
    Argument(lifecycle::Instance phase) : kind_{Kind::text} { put(cell_, phase); }
    /// With SQLite: cast(:name as blob).
    Argument(const journal::Link& link) : kind_{Kind::bytes} { put(cell_, link); }
    Argument(Bytes bytes) : kind_{Kind::bytes} { cell_.text = bytes.bytes; }
    Argument(std::string_view text) : kind_{Kind::text} { cell_.text = text; }
    Argument(const std::string& text) : Argument{std::string_view{text}} {}

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] const Cell& cell() const noexcept { return cell_; }

private:
    Kind kind_;
    Cell cell_;
};

}  // namespace kontor::store

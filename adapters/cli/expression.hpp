#pragma once
/// Places in an expression's text.
#include <cstddef>
#include <string>
#include <string_view>

namespace kontor::cli {

/// 1-based; columns count characters, not bytes.
struct Place {
    std::size_t line = 1;
    std::size_t column = 1;
};
Place place_in(std::string_view text, std::size_t offset);
/// `LINE:COLUMN`
std::string to_string(Place);

}  // namespace kontor::cli

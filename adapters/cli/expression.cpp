#include "cli/expression.hpp"

namespace kontor::cli {

Place place_in(std::string_view text, std::size_t offset) {
    Place place;
    for (const char c : text.substr(0, offset)) {
        if (c == '\n') ++place.line, place.column = 1;
        else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++place.column;
    }
    return place;
}

std::string to_string(Place place) { return std::to_string(place.line) + ":" + std::to_string(place.column); }

}  // namespace kontor::cli

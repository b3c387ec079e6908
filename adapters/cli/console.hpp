#pragma once
/// The way to the terminal: two streams, and what may be shown on them.
#include <ostream>
#include <string>
#include <string_view>

namespace kontor::cli {

enum class Style { plain, bold, faint, good, bad, warning, person };

/// One stream. `colours` is false unless it is a terminal whose user wants colours (NO_COLOR unset or empty, TERM not `dumb`).
struct Output {
    std::ostream& stream;
    bool terminal = false;
    bool colours = false;

    /// The text in that style, or as it is.
    [[nodiscard]] std::string styled(Style style, std::string_view text) const;
};

struct Console {
    Output out;
    Output err;
};

/// Control characters as `\u{1B}`, so that data cannot steer a terminal. Invalid UTF-8 becomes U+FFFD.
std::string printable(std::string_view text);
/// Columns on a terminal: wide characters take two, combining ones none.
std::size_t width(std::string_view text);
/// At most `columns` wide; what is cut off is shown as `…`.
std::string shortened(std::string_view text, std::size_t columns);
/// With spaces behind (or, `right`, in front) up to `columns`.
std::string padded(std::string_view text, std::size_t columns, bool right = false);

}  // namespace kontor::cli

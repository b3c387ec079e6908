#pragma once
/// Data on the command line: JSON, or a FEEL context, of which JSON is a part.
#include <kontor/value.hpp>

#include <string>
#include <string_view>

namespace kontor::cli {

/// `text` is the data, or `@FILE` where they stand (`@-`: the standard input). Throws UsageError naming `option`, line, column and cause.
Value read_value(std::string_view option, const std::string& text);
/// The same for a context.
Variables read_context(std::string_view option, const std::string& text);

}  // namespace kontor::cli

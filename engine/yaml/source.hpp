#pragma once
/// The texts that are read, and how a file names another.
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::yaml {

/// A file's text under the name that problems show.
struct Source {
    std::string name;
    std::string text;
};

/// Finds the file that `from` calls `relative_name` (`types: loan-types.yaml`). Nothing if there is none.
using Resolver = std::function<std::optional<Source>(std::string_view relative_name, const Source& from)>;

}  // namespace kontor::yaml

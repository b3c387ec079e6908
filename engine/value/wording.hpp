#pragma once
/// The words of messages: names as they stand in them, lists, and what was probably meant.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor {

/// A name as messages write it: in backticks, and cut off if it is long.
std::string quoted(std::string_view name);

/// `did you mean X?` for the known name that is nearest to `name`, in backticks, or nothing if none is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& known);
/// The same, and if none is near, which names there are.
std::string did_you_mean_or_all(std::string_view name, const std::vector<std::string_view>& known);

/// The texts of a range one after the other; `text_of` makes a text of an item that is none.
template <class Range, class TextOf = std::identity>
std::string joined(const Range& all, std::string_view between = ", ", TextOf text_of = {}) {
    std::string text;
    bool first = true;
    for (const auto& one : all) {
        if (!first) text += between;
        first = false;
        text += text_of(one);
    }
    return text;
}

}  // namespace kontor

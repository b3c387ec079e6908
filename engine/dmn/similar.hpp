#pragma once
/// What was probably meant.
#include <string>
#include <string_view>
#include <vector>

namespace kontor::dmn {

std::string quoted(std::string_view);
/// `did you mean X?` if one of the names is close, else which names there are.
std::string did_you_mean(std::string_view written, const std::vector<std::string>& names);

}  // namespace kontor::dmn

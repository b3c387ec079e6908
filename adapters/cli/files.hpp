#pragma once
/// Files of the world.
#include "yaml/source.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace kontor::cli {

/// The whole text, under the name as it was given; `-` is the standard input. Throws WorldFailed naming the file and why.
yaml::Source read_file(const std::string& name);
void write_file(const std::string& name, std::string_view text);

/// Finds `types: loan-types.yaml` beside the file that says so.
yaml::Resolver beside_the_file();

/// The files of a folder whose names end with `ending`, sorted; not those of folders in it unless `below`.
std::vector<std::string> files_in(const std::filesystem::path& folder, std::string_view ending, bool below = false);

}  // namespace kontor::cli

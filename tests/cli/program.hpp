#pragma once
/// Runs the real program and catches what it says.
#include "support/folder.hpp"

#include <kontor/value.hpp>

#include <string>
#include <vector>

namespace kontor::cli::test {

struct Ran {
    int exit = -1;        ///< 128 + number if a signal ended it
    std::string out;
    std::string err;

    /// The output as one JSON value, or its lines as JSON values each.
    [[nodiscard]] Variables json() const;
    [[nodiscard]] std::vector<Variables> json_lines() const;
};

/// `kontor WORDS...` in the folder of the source tree, without a terminal, with `input` on its standard input.
Ran call(const std::vector<std::string>& words, const std::string& input = {});
/// A shell command in which `$K` is the program.
Ran shell(const std::string& command);

using kontor::test::Folder;

std::string read(const std::string& path);

}  // namespace kontor::cli::test

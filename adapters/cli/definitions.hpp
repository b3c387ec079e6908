#pragma once
/// Definition files, and what stands beside them.
///
/// A process file brings with it the types file that it names, and the decisions that it asks: those are searched in all files
/// `*.decision.yaml` of its own folder.
#include "cli/console.hpp"
#include "yaml/read.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kontor::cli {

using Definitions = std::vector<std::shared_ptr<const model::Definition>>;

struct Loaded {
    Definitions definitions;            ///< empty if there is an error among the problems
    std::vector<Problem> problems;
    std::vector<std::string> files;     ///< all that were read
};

/// Reads definition files; keeps the decisions of each folder, so that many files of one folder cost them once.
class Loader {
public:
    /// Throws WorldFailed if the file itself cannot be read.
    Loaded load(const std::string& process_file);
    Loaded load(const yaml::Source& process_file);

private:
    struct Neighbours {
        yaml::Decisions decisions;
        std::vector<Problem> problems;
        std::vector<std::string> files;
    };
    const Neighbours& neighbours(const std::filesystem::path& folder);

    std::map<std::filesystem::path, Neighbours> folders_;
};

/// Loads one file for running it: prints what is wrong to `errors`; throws Refused if it cannot run.
Definitions load_for_running(const std::string& process_file, const Output& errors);

}  // namespace kontor::cli

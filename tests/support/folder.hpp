#pragma once
/// A folder for the files of one test.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace kontor::test {

/// Of its own, empty at first and gone in the end.
class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "kontor-test-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error{"no temporary folder " + name};
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;   // a program that a test left behind may still write there
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    /// Where a file of that name stands, or will stand; without a name the folder.
    [[nodiscard]] std::string path(const std::string& name = {}) const { return name.empty() ? path_.string() : (path_ / name).string(); }
    /// Writes a file; gives its path.
    std::string file(const std::string& name, const std::string& text) const {
        std::ofstream{path(name), std::ios::binary} << text;
        return path(name);
    }

private:
    std::filesystem::path path_;
};

}  // namespace kontor::test

#pragma once
/// A folder for the files of one test.
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>

namespace kontor::test {

/// Empty at first and gone in the end.
class Folder {
public:
    Folder() { std::filesystem::create_directories(path_); }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

private:
    static std::string number() {
        static std::atomic<int> made{0};
        return std::to_string(::getpid()) + "-" + std::to_string(++made);
    }
    std::filesystem::path path_ = std::filesystem::temp_directory_path() / ("kontor-runtime-" + number());
};

}  // namespace kontor::test

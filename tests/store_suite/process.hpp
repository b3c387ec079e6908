#pragma once
/// Children that a test starts, and ends.
#include <functional>
#include <string>

namespace kontor::test {

/// A forked child and a pipe from it. The parent must have no threads and no open store.
class Child {
public:
    /// The child runs `work` with a function that reports a line, and ends with status 0, or 1 if it throws.
    explicit Child(const std::function<void(const std::function<void(const std::string&)>&)>& work);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// The next line, empty at the end.
    std::string line();
    void kill();           ///< as `kill -9` does
    int wait();            ///< its exit status; 128 + signal
    [[nodiscard]] int pid() const noexcept { return pid_; }

private:
    int pid_ = -1;
    int pipe_ = -1;
    bool waited_ = false;
    std::string buffer_;
};

}  // namespace kontor::test

#include "store_suite/process.hpp"

#include <csignal>
#include <exception>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

namespace kontor::test {

Child::Child(const std::function<void(const std::function<void(const std::string&)>&)>& work) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error{"no pipe"};
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error{"no process"};
    pipe_ = ends[0];
    if (pid_ > 0) {
        ::close(ends[1]);
        return;
    }
    ::close(ends[0]);
    const auto report = [&](const std::string& text) {
        const std::string line = text + "\n";
        if (::write(ends[1], line.data(), line.size()) < 0) ::_exit(2);
    };
    try {
        work(report);
        ::_exit(0);
    } catch (const std::exception& error) {
        report(error.what());
        ::_exit(1);
    }
}

Child::~Child() {
    if (!waited_) {
        kill();
        wait();
    }
    ::close(pipe_);
}

std::string Child::line() {
    for (char byte = 0; buffer_.find('\n') == std::string::npos && ::read(pipe_, &byte, 1) == 1;) buffer_ += byte;
    const auto end = buffer_.find('\n');
    if (end == std::string::npos) return {};
    std::string found = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    return found;
}

void Child::kill() { ::kill(pid_, SIGKILL); }

int Child::wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    waited_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace kontor::test

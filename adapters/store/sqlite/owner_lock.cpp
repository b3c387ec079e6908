#include "store/sqlite/owner_lock.hpp"

#include <kontor/error.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kontor::store {

namespace {

std::string holder(int descriptor) {
    char text[32] = {};
    const auto length = ::pread(descriptor, text, sizeof text - 1, 0);
    const std::string pid{text, length > 0 ? std::strcspn(text, "\n") : 0};
    if (pid.empty()) return "another process";
    return pid == std::to_string(::getpid()) ? "this process itself" : "process " + pid;
}

}  // namespace

OwnerLock::OwnerLock(const std::string& file) {
    const std::string name = file + "-owner";
    descriptor_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0) {
        throw Error{Code::unavailable, "sqlite:" + file + ": cannot make " + name + ": " + std::strerror(errno) +
                                           "; does the folder exist, and may this user write there?"};
    }
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        const bool held = errno == EWOULDBLOCK;
        std::string why = held ? "is owned by " + holder(descriptor_) + "; only one process at a time writes to an SQLite store, others may read it"
                               : std::string{"cannot be locked: "} + std::strerror(errno);
        ::close(descriptor_);
        throw Error{held ? Code::conflict : Code::unavailable, "sqlite:" + file + " " + why};
    }
    // For the message above only: a holder that cannot write it is not named.
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(descriptor_, 0) == 0) [[maybe_unused]] const auto written = ::pwrite(descriptor_, pid.data(), pid.size(), 0);
}

OwnerLock::~OwnerLock() { ::close(descriptor_); }

}  // namespace kontor::store

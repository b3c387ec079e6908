#pragma once
/// One process owns a store. SQLite's own locks cannot say that: its exclusive mode shuts readers out as well, and its normal one is
/// free between two commits. So the owner holds flock() on FILE-owner, which the kernel releases however the process ends. The file
/// stays: removing it would let two processes lock two files of that name.
#include <string>

namespace kontor::store {

/// Throws Error{conflict} that names the holder, Error{unavailable} if the lock file cannot be made.
class OwnerLock {
public:
    explicit OwnerLock(const std::string& file);
    ~OwnerLock();
    OwnerLock(const OwnerLock&) = delete;
    OwnerLock& operator=(const OwnerLock&) = delete;

private:
    int descriptor_ = -1;
};

}  // namespace kontor::store

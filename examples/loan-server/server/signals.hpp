#pragma once
/// Waiting to be told to stop.
#include <csignal>

#include <pthread.h>

namespace loan {

/// Made before any other thread: signals are taken by whoever waits for them, so no thread may get them before.
class StopSignals {
public:
    StopSignals() {
        ::sigemptyset(&signals_);
        ::sigaddset(&signals_, SIGTERM);
        ::sigaddset(&signals_, SIGINT);
        ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    }
    void wait() const {
        int signal = 0;
        ::sigwait(&signals_, &signal);
        ::pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);   // a second one ends the program at once
    }

private:
    ::sigset_t signals_{};
};

}  // namespace loan

#pragma once
/// How a server is told to stop.
#include <csignal>

namespace kontor::cli {

/// Signals are taken by whoever waits for them: no thread that the engine makes may get them.
class StopSignals {
public:
    StopSignals() {
        ::sigemptyset(&signals_);
        ::sigaddset(&signals_, SIGTERM);
        ::sigaddset(&signals_, SIGINT);
        ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    }
    [[nodiscard]] int wait() const {
        int signal = 0;
        ::sigwait(&signals_, &signal);
        return signal;
    }
    /// A second signal ends the program at once.
    void end() const { ::pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr); }

private:
    ::sigset_t signals_{};
};

}  // namespace kontor::cli

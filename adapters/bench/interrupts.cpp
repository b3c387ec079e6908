#include "bench/interrupts.hpp"

#include <cerrno>
#include <csignal>
#include <system_error>

#include <sys/signalfd.h>
#include <unistd.h>

namespace kontor::bench {

struct Interrupts::Mask {
    ::sigset_t signals{};
};

Interrupts::Interrupts() : before_{std::make_unique<Mask>()} {
    ::sigset_t signals{};
    ::sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction now{};
        ::sigaction(signal, nullptr, &now);
        if (now.sa_handler != SIG_IGN) ::sigaddset(&signals, signal);   // nohup, or a shell that runs it in the background
    }
    descriptor_ = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor_ < 0) throw std::system_error{errno, std::generic_category(), "signals cannot be waited for"};
    ::pthread_sigmask(SIG_BLOCK, &signals, &before_->signals);
}

Interrupts::~Interrupts() {
    ::close(descriptor_);
    ::pthread_sigmask(SIG_SETMASK, &before_->signals, nullptr);
}

void Interrupts::look() const {
    ::signalfd_siginfo found{};
    if (::read(descriptor_, &found, sizeof found) == static_cast<::ssize_t>(sizeof found)) throw Interrupted{static_cast<int>(found.ssi_signo)};
}

void Interrupts::leave_to_parent() const noexcept {
    ::signal(SIGINT, SIG_IGN);
    ::signal(SIGHUP, SIG_IGN);
    ::pthread_sigmask(SIG_SETMASK, &before_->signals, nullptr);
}

}  // namespace kontor::bench

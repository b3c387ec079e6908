#pragma once
/// Whoever ends the program while it measures wants it to clean up: what it has made in a database, and the processes that it has started.
#include <exception>
#include <memory>

namespace kontor::bench {

/// Somebody wants the program to end, by that signal.
class Interrupted : public std::exception {
public:
    explicit Interrupted(int signal) : signal_{signal} {}
    [[nodiscard]] int signal() const noexcept { return signal_; }
    [[nodiscard]] const char* what() const noexcept override { return "interrupted"; }

private:
    int signal_;
};

/// While it lives SIGINT, SIGTERM and SIGHUP wait until somebody asks for them. Made before what they must not leave behind; one at a time,
/// by the only thread.
class Interrupts {
public:
    Interrupts();
    /// Signals that nobody has asked for do now what they would have done.
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

    /// Readable when there is one: for poll().
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    /// Throws Interrupted if there is one.
    void look() const;
    /// In a process that was forked: SIGTERM ends it, the others, which a terminal sends to all, are left to the process that forked it.
    void leave_to_parent() const noexcept;

private:
    struct Mask;
    std::unique_ptr<Mask> before_;
    int descriptor_ = -1;
};

}  // namespace kontor::bench

#pragma once
/// Processes of this program that do something side by side, step by step together, and end with the one that has started them.
///
/// They are forked, not started anew: they have all that they need, no command line shows a password, and what they bring back is
/// read by the same program. So no thread may run yet when they are made.
#include "bench/interrupts.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::bench {

/// The process that has started this one, as a child sees it.
class Parent {
public:
    explicit Parent(int socket) : socket_{socket} {}
    /// Tells that this child has come so far, and waits until it may go on. Ends this process if the parent is gone.
    void meet() const;
    /// `kind` says what the bytes are.
    void tell(char kind, std::string_view bytes) const;

private:
    int socket_;
};

class Children {
public:
    /// What a child does; what it returns it brings back. What it throws ends the parent's waiting.
    using Work = std::function<std::string(unsigned number, const Parent&)>;
    using Tick = std::function<void()>;

    /// Numbers begin at 1. Throws Error{unavailable} if a process cannot be made.
    Children(unsigned count, const Interrupts&, const Work&);
    /// Those that still run are killed.
    ~Children();
    Children(const Children&) = delete;
    Children& operator=(const Children&) = delete;

    /// Until all of them meet, or have brought something back: then that, in their order. Calls `tick` some ten times a second. Throws
    /// Interrupted, and Error{unavailable} if a child fails, dies or lets others wait for longer than that; `what` says what it should do.
    std::vector<std::string> wait(std::string_view what, std::chrono::milliseconds patience, const Tick& tick = {});
    /// Those that meet may go on.
    void go_on();
    /// Waits for a moment, and throws what wait() would: for whoever waits for something else.
    void watch(std::string_view what, std::chrono::milliseconds longest);

private:
    struct Child {
        int process = 0;
        int socket = -1;
        std::string received{};
        bool is_done = false;         ///< it has brought back what it was made for
    };
    void read(Child&, std::string_view what);
    [[nodiscard]] std::string name_of(const Child&) const;
    [[noreturn]] void explain_death(Child&, std::string_view what);
    void end() noexcept;

    const Interrupts& interrupts_;
    std::vector<Child> children_;
};

}  // namespace kontor::bench

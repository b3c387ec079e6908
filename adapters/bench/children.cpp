#include "bench/children.hpp"

#include <kontor/error.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kontor::bench {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr char meets = 'm', brings = 'b', fails = 'f';
constexpr std::chrono::milliseconds between_ticks{100};

/// What stands before the bytes of what a child tells.
struct Heading {
    char kind = 0;
    std::uint64_t size = 0;
};
static_assert(std::is_trivially_copyable_v<Heading>);

/// The first thing in the bytes that have come, and takes it away; nothing if it has not come to its end.
std::optional<std::pair<char, std::string>> take(std::string& received) {
    Heading heading;
    if (received.size() < sizeof heading) return std::nullopt;
    std::memcpy(&heading, received.data(), sizeof heading);
    if (received.size() - sizeof heading < heading.size) return std::nullopt;
    std::string bytes = received.substr(sizeof heading, heading.size);
    received.erase(0, sizeof heading + heading.size);
    return std::pair{heading.kind, std::move(bytes)};
}

[[noreturn]] void be_child(unsigned number, const Parent& parent, const Children::Work& work) {
    int status = 1;
    try {
        parent.tell(brings, work(number, parent));
        status = 0;
    } catch (const std::exception& error) {
        parent.tell(fails, error.what());
    }
    ::_exit(status);   // without destructors: what they would clean up is the parent's
}

}  // namespace

void Parent::tell(char kind, std::string_view bytes) const {
    Heading heading;
    heading.kind = kind;
    heading.size = bytes.size();
    std::string all(reinterpret_cast<const char*>(&heading), sizeof heading);
    all += bytes;
    for (std::size_t sent = 0; sent < all.size();) {
        const auto count = ::send(socket_, all.data() + sent, all.size() - sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) ::_exit(1);
        sent += static_cast<std::size_t>(count);
    }
}

void Parent::meet() const {
    tell(meets, {});
    char word = 0;
    ::ssize_t count = 0;
    do count = ::recv(socket_, &word, 1, 0);
    while (count < 0 && errno == EINTR);
    if (count != 1) ::_exit(1);
}

Children::Children(unsigned count, const Interrupts& interrupts, const Work& work) : interrupts_{interrupts} {
    const pid_t parent = ::getpid();
    for (unsigned number = 1; number <= count; ++number) {
        int ends[2] = {-1, -1};
        const pid_t child = ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0 ? ::fork() : -1;
        if (child == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (::getppid() != parent) ::_exit(1);
            interrupts.leave_to_parent();
            ::close(ends[0]);
            for (const Child& sister : children_) ::close(sister.socket);   // or she would not notice that the parent is gone
            be_child(number, Parent{ends[1]}, work);
        }
        ::close(ends[1]);
        if (child < 0) {
            ::close(ends[0]);
            end();
            throw Error{Code::unavailable, "no process can be made: is there a limit on their number (ulimit -u)?"};
        }
        children_.push_back({.process = child, .socket = ends[0]});
    }
}

Children::~Children() { end(); }

void Children::end() noexcept {
    for (const Child& child : children_)
        if (child.process != 0) ::kill(child.process, SIGKILL);
    for (Child& child : children_) {
        ::close(child.socket);
        if (child.process != 0) ::waitpid(child.process, nullptr, 0);
        child.process = 0;
    }
}

std::string Children::name_of(const Child& child) const {
    const auto number = &child - children_.data() + 1;
    return "process " + std::to_string(number) + " of " + std::to_string(children_.size());
}

void Children::explain_death(Child& child, std::string_view what) {
    int status = 0;
    ::waitpid(std::exchange(child.process, 0), &status, 0);
    const std::string how = WIFSIGNALED(status) ? "was ended by signal " + std::to_string(WTERMSIG(status))
                                                : "ended with status " + std::to_string(WEXITSTATUS(status));
    throw Error{Code::unavailable, name_of(child) + " " + how + " when it should " + std::string{what}};
}

void Children::read(Child& child, std::string_view what) {
    char bytes[65536];
    const auto count = ::recv(child.socket, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count > 0) child.received.append(bytes, static_cast<std::size_t>(count));
    else if (count == 0 || (errno != EAGAIN && errno != EINTR)) explain_death(child, what);
}

void Children::watch(std::string_view what, std::chrono::milliseconds longest) {
    std::vector<pollfd> watched{{interrupts_.descriptor(), POLLIN, 0}};
    for (const Child& child : children_) watched.push_back({child.is_done ? -1 : child.socket, POLLIN, 0});
    ::poll(watched.data(), watched.size(), static_cast<int>(longest.count()));
    interrupts_.look();   // first: it may be why a child is gone
    for (std::size_t n = 0; n < children_.size(); ++n)
        if (watched[n + 1].revents != 0) read(children_[n], what);
}

std::vector<std::string> Children::wait(std::string_view what, std::chrono::milliseconds patience, const Tick& tick) {
    std::vector<std::optional<std::string>> told(children_.size());
    const auto is_missing = [](const auto& one) { return !one; };
    for (const auto until = SteadyClock::now() + patience;;) {
        for (std::size_t n = 0; n < children_.size(); ++n) {
            auto message = told[n] ? std::nullopt : take(children_[n].received);
            if (!message) continue;
            if (message->first == fails) throw Error{Code::unavailable, name_of(children_[n]) + ": " + message->second};
            children_[n].is_done = message->first == brings;
            told[n] = std::move(message->second);
        }
        const auto late = std::ranges::find_if(told, is_missing);
        if (late == told.end()) break;
        if (SteadyClock::now() > until) {
            const Child& child = children_[static_cast<std::size_t>(late - told.begin())];
            const auto seconds = std::to_string(std::chrono::ceil<std::chrono::seconds>(patience).count());
            throw Error{Code::unavailable, name_of(child) + " did not " + std::string{what} + " within " + seconds + " s"};
        }
        watch(what, between_ticks);
        if (tick) tick();
    }
    std::vector<std::string> all;
    for (auto& one : told) all.push_back(std::move(*one));
    return all;
}

void Children::go_on() {
    for (const Child& child : children_) ::send(child.socket, "g", 1, MSG_NOSIGNAL);   // one that is gone is noticed by whoever waits for it
}

}  // namespace kontor::bench

#include "store/postgresql/listener.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace kontor::store::postgresql {
namespace {

constexpr int between_attempts_ms = 500;

}  // namespace

Listener::Listener(Connector& connector, std::string channel) : connector_{connector}, channel_{std::move(channel)} {
    if (::pipe2(end_, O_CLOEXEC) != 0) throw std::system_error{errno, std::generic_category(), "a pipe to end the listener"};
    thread_ = std::thread{[this] { run(); }};
}

Listener::~Listener() {
    ::close(end_[1]);
    thread_.join();
    ::close(end_[0]);
}

bool Listener::wait(int milliseconds) const {
    pollfd ended{end_[0], POLLIN, 0};
    return ::poll(&ended, 1, milliseconds) == 0;
}

void Listener::run() {
    do {
        try {
            const auto connection = connector_.connect(Connection::Role::reader);
            connection->run("listen " + channel_);
            ears_.tell({});   // what was signalled before is not heard any more
            listen(*connection);
        } catch (const Failure&) {   // the server is away, as whoever commits finds out and tells
        } catch (const Error&) {
        }
    } while (wait(between_attempts_ms));
}

void Listener::listen(Connection& connection) {
    for (;;) {
        while (PGnotify* note = PQnotifies(connection.handle())) {
            const std::unique_ptr<PGnotify, decltype(&PQfreemem)> owned{note, &PQfreemem};
            ears_.tell(note->extra);
        }
        pollfd watched[2] = {{PQsocket(connection.handle()), POLLIN, 0}, {end_[0], POLLIN, 0}};
        if (::poll(watched, 2, -1) < 0 && errno != EINTR) return;
        if (watched[1].revents != 0 || PQconsumeInput(connection.handle()) == 0) return;
    }
}

}  // namespace kontor::store::postgresql

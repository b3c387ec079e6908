#pragma once
/// Hears what nodes signal to each other. Private to postgresql/.
#include "store/postgresql/connector.hpp"
#include "store/shared/ears.hpp"

#include <string>
#include <string_view>
#include <thread>

namespace kontor::store::postgresql {

/// What nodes of a store signal on: this, and the store's id.
inline constexpr std::string_view channel_prefix = "kontor_";

/// A thread with a connection of its own. After the connection was lost, ears are told nothing, so that they look for themselves.
class Listener {
public:
    Listener(Connector&, std::string channel);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    [[nodiscard]] Ears& ears() noexcept { return ears_; }

private:
    void run();
    /// Until the connection ends or the listener does.
    void listen(Connection&);
    /// False once the listener ends.
    [[nodiscard]] bool wait(int milliseconds) const;

    Connector& connector_;
    const std::string channel_;
    Ears ears_;
    int end_[2] = {-1, -1};   ///< a pipe: readable once the listener ends
    std::thread thread_;
};

}  // namespace kontor::store::postgresql

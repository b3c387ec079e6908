#pragma once
/// Live changes as server-sent events (WHATWG HTML, 9.2): one per event of the engine, `id` is the cursor behind it.
#include "rest/call.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace kontor::rest {

/// All listeners of a server. Any thread.
class EventStreams {
public:
    explicit EventStreams(Engine& engine) : engine_{engine} {}
    ~EventStreams() { close(); }

    /// From the cursor of the header Last-Event-ID (or ?after=), from the beginning (?after=start), else from now on. Blocks.
    void open(const web::Request&, const web::Reply&);
    /// A comment for each, so that nobody takes silence for a broken connection; forgets those that have gone.
    void keep_alive();
    void close();

private:
    struct Listener;
    [[nodiscard]] Cursor cursor_wanted(const web::Request&) const;

    Engine& engine_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<Listener>> listeners_;
};

}  // namespace kontor::rest

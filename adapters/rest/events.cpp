#include "rest/events.hpp"

#include <algorithm>

namespace kontor::rest {

struct EventStreams::Listener {
    std::shared_ptr<web::Stream> stream;
    Subscription subscription;
};

/// Of a client that comes back, else where it wants to begin.
Cursor EventStreams::cursor_wanted(const web::Request& request) const {
    if (const auto* last = request.header("last-event-id")) return {*last};
    const auto after = request.query.find("after");
    if (after == request.query.end()) return engine_.cursor_at_end();
    return after->second == "start" ? engine_.cursor_at_start() : Cursor{after->second};
}

void EventStreams::open(const web::Request& request, const web::Reply& reply) {
    const Cursor after = cursor_wanted(request);
    // A cursor that is none is refused before the stream begins: what it throws becomes a problem.
    auto sink = std::make_shared<std::shared_ptr<web::Stream>>();
    auto ready = std::make_shared<std::mutex>();
    std::unique_lock wait{*ready};   // no event is written before the stream is there
    auto listener = std::make_shared<Listener>();
    listener->subscription = engine_.subscribe(after, [sink, ready](const Event& event) {
        const std::scoped_lock lock{*ready};
        if (*sink) (*sink)->write("id: " + event.position.text + "\nevent: " + event.type + "\ndata: " + event.json + "\n\n");
    });
    *sink = reply.stream({200, {{"content-type", "text/event-stream"}, {"cache-control", "no-store"}}, {}});
    listener->stream = *sink;
    // Whoever is cut off before the first event comes back with this.
    if (listener->stream) listener->stream->write("retry: 1000\nid: " + after.text + "\n\n");
    wait.unlock();
    if (!listener->stream) return;
    const std::scoped_lock lock{mutex_};
    listeners_.push_back(std::move(listener));
}

void EventStreams::keep_alive() {
    std::vector<std::shared_ptr<Listener>> gone;   // subscriptions end outside the lock: they may wait for a callback
    const std::scoped_lock lock{mutex_};
    std::erase_if(listeners_, [&](const auto& listener) {
        if (listener->stream->write(": still here\n\n")) return false;
        gone.push_back(listener);
        return true;
    });
}

void EventStreams::close() {
    std::vector<std::shared_ptr<Listener>> all;
    {
        const std::scoped_lock lock{mutex_};
        all.swap(listeners_);
    }
    for (const auto& listener : all) listener->stream->close();
}

}  // namespace kontor::rest

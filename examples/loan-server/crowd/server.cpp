#include "crowd/server.hpp"

#include <Poco/JSON/Array.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace loan {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

void Server::pause(std::chrono::milliseconds time) const {
    std::mutex mutex;
    std::unique_lock lock{mutex};
    std::condition_variable_any{}.wait_for(lock, stop_, time, [] { return false; });
    if (stop_.stop_requested()) throw Stopped{};
}

Reply Server::ask(const std::string& method, const std::string& path, const Object& body, const WebClient::Headers& headers) {
    const auto until = Clock::now() + patience_;
    std::string why;
    for (std::chrono::milliseconds wait = 50ms;; wait = std::min(wait * 2, std::chrono::milliseconds{1s})) {
        if (stop_.stop_requested()) throw Stopped{};
        try {
            Reply reply = client_.request(method, path, method == "GET" ? "" : write(body), headers);
            if (reply.status != 503 && reply.status != 504) return reply;
            why = "it answers " + std::to_string(reply.status);
            wait = std::max(wait, std::chrono::milliseconds{std::chrono::seconds{reply.retry_after}});
        } catch (const Unreachable& away) {
            why = away.why;
        }
        if (Clock::now() + wait > until) throw Gone{"the server at " + url_ + " does not come back: " + why};
        pause(wait);
    }
}

Object::Ptr Server::object(const std::string& method, const std::string& path, const Object& body, const WebClient::Headers& headers) {
    const Reply reply = ask(method, path, body, headers);
    if (reply.status / 100 != 2) throw std::runtime_error{method + ' ' + path + " was answered " + std::to_string(reply.status) + ": " + reply.body};
    return read_object(reply.body);
}

void Server::search(const std::string& path, const Object& filter, const std::function<void(const Object&)>& each) {
    Object page;
    page.set("limit", 1000);
    for (;;) {
        Object body;
        body.set("filter", filter);
        body.set("page", page);
        const Object::Ptr found = object("POST", path, body);
        const auto items = found->getArray("items");
        for (std::size_t i = 0; i < items->size(); ++i) each(*items->getObject(static_cast<unsigned>(i)));
        const std::string next = text_of(*found->getObject("page"), "endCursor");
        if (next.empty()) return;
        page.set("after", next);
    }
}

}  // namespace loan

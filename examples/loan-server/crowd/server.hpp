#pragma once
/// The loan server as its callers see it: it may be busy, go away and come back.
#include "net/client.hpp"
#include "net/json.hpp"

#include <chrono>
#include <functional>
#include <stdexcept>
#include <stop_token>
#include <string>

namespace loan {

struct Gone : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// Somebody else has failed or all is done: this thread ends.
struct Stopped {};

/// For one thread.
class Server {
public:
    Server(const std::string& url, std::chrono::seconds patience, std::stop_token stop)
        : client_{url}, url_{url}, patience_{patience}, stop_{std::move(stop)} {}

    /// Tries again while the server is away, busy, or does not know what happened: everything that is asked here may be asked twice.
    /// Throws Gone after `patience`, Stopped when told to.
    Reply ask(const std::string& method, const std::string& path, const Object& body = Object{}, const WebClient::Headers& headers = {});
    /// As ask(), but throws std::runtime_error unless the answer is a JSON object.
    Object::Ptr object(const std::string& method, const std::string& path, const Object& body = Object{}, const WebClient::Headers& headers = {});
    /// All items of a search, page after page.
    void search(const std::string& path, const Object& filter, const std::function<void(const Object&)>& each);
    /// Throws Stopped when told to.
    void pause(std::chrono::milliseconds time) const;

private:
    WebClient client_;
    std::string url_;
    std::chrono::seconds patience_;
    std::stop_token stop_;
};

}  // namespace loan

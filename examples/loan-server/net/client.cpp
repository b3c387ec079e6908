#include "net/client.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

#include <charconv>
#include <stdexcept>

namespace loan {
namespace {

namespace net = Poco::Net;

Poco::URI address(const std::string& url) {
    try {
        Poco::URI uri{url};
        if (uri.getScheme() == "http" && !uri.getHost().empty()) return uri;
    } catch (const Poco::SyntaxException&) {}   // told below
    throw std::invalid_argument{url + " is no address of a server; write for example http://127.0.0.1:8080"};
}

int seconds_in(const std::string& text) {
    int seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return seconds;
}

}  // namespace

struct WebClient::Inside {
    Inside(const Poco::URI& uri, std::chrono::seconds patience) : prefix{uri.getPath()}, session{uri.getHost(), uri.getPort()} {
        while (prefix.ends_with('/')) prefix.pop_back();
        session.setTimeout(Poco::Timespan{static_cast<long>(patience.count()), 0});
        session.setKeepAlive(true);
    }
    std::string prefix;
    net::HTTPClientSession session;
};

WebClient::WebClient(const std::string& base_url, std::chrono::seconds patience) : inside_{std::make_unique<Inside>(address(base_url), patience)} {}
WebClient::~WebClient() = default;
WebClient::WebClient(WebClient&&) noexcept = default;

Reply WebClient::request(const std::string& method, const std::string& path, const std::string& body, const Headers& headers) {
    net::HTTPRequest request{method, inside_->prefix + path, net::HTTPMessage::HTTP_1_1};
    for (const auto& [name, value] : headers) request.set(name, value);
    if (!body.empty()) request.setContentType("application/json");
    request.setContentLength(static_cast<std::streamsize>(body.size()));
    try {
        inside_->session.sendRequest(request) << body;
        net::HTTPResponse response;
        Reply reply;
        Poco::StreamCopier::copyToString(inside_->session.receiveResponse(response), reply.body);
        reply.status = response.getStatus();
        reply.retry_after = seconds_in(response.get("Retry-After", ""));
        // A server that dies in the middle of an answer ends it too early.
        const auto length = response.getContentLength64();
        if (length != net::HTTPMessage::UNKNOWN_CONTENT_LENGTH && static_cast<std::size_t>(length) != reply.body.size())
            throw Unreachable{"the answer ends too early"};
        return reply;
    } catch (const Poco::Exception& error) {
        inside_->session.reset();
        throw Unreachable{error.displayText()};
    } catch (const Unreachable&) {
        inside_->session.reset();
        throw;
    }
}

}  // namespace loan

#include "net/server.hpp"

#include "net/json.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/ThreadPool.h>
#include <Poco/URI.h>

#include <stdexcept>

namespace loan {
namespace {

namespace net = Poco::Net;

constexpr std::size_t most_bytes = 64 * 1024;   // of a body
constexpr int most_connections = 64;            // each has a thread of its own while it is open

class TooLarge {};

std::string body_of(net::HTTPServerRequest& request) {
    std::string body;
    char part[4096];
    for (auto& in = request.stream(); in.read(part, sizeof part), in.gcount() > 0;) {
        body.append(part, static_cast<std::size_t>(in.gcount()));
        if (body.size() > most_bytes) throw TooLarge{};
    }
    return body;
}

class Conversation final : public net::HTTPRequestHandler {
public:
    explicit Conversation(const Handler& handler) : handler_{handler} {}

    void handleRequest(net::HTTPServerRequest& request, net::HTTPServerResponse& response) override {
        const Response answer = answer_to(request);
        response.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(answer.status));
        response.setContentType("application/json");
        if (answer.status >= 400 && !request.stream().eof()) response.setKeepAlive(false);   // the rest of its body is nobody's request
        if (answer.retry_after > 0) response.set("Retry-After", std::to_string(answer.retry_after));
        response.sendBuffer(answer.body.data(), answer.body.size());
    }

private:
    Response answer_to(net::HTTPServerRequest& request) const {
        try {
            return handler_({request.getMethod(), Poco::URI{request.getURI()}.getPath(), request.get("Idempotency-Key", ""), body_of(request)});
        } catch (const TooLarge&) {
            return {413, R"({"detail":"a body may have 64 KB"})"};
        } catch (const std::invalid_argument& error) {
            return {400, "{\"detail\":" + quoted(error.what()) + "}"};
        } catch (const Poco::SyntaxException& error) {
            return {400, "{\"detail\":" + quoted(error.displayText()) + "}"};
        } catch (const std::exception& error) {
            return {500, "{\"detail\":" + quoted(error.what()) + "}"};
        }
    }
    const Handler& handler_;
};

class Conversations final : public net::HTTPRequestHandlerFactory {
public:
    explicit Conversations(Handler handler) : handler_{std::move(handler)} {}
    net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override { return new Conversation{handler_}; }   // Poco deletes it

private:
    Handler handler_;
};

net::ServerSocket listener(const std::string& listen) {
    try {
        return net::ServerSocket{net::SocketAddress{listen}};
    } catch (const Poco::Exception& error) {
        throw std::runtime_error{"cannot listen at " + listen + ": " + error.displayText() + "; is it an address with a port that nobody uses?"};
    }
}

net::HTTPServerParams::Ptr parameters() {
    net::HTTPServerParams::Ptr params = new net::HTTPServerParams;
    params->setMaxThreads(most_connections);
    params->setMaxQueued(4 * most_connections);
    params->setKeepAliveTimeout({15, 0});   // longer than a client keeps an idle connection, so that the client is the one who closes
    return params;
}

}  // namespace

struct WebServer::Inside {
    Inside(const std::string& listen, Handler handler)
        : socket{listener(listen)}, server{new Conversations{std::move(handler)}, threads, socket, parameters()} {
        server.start();
    }
    ~Inside() {
        server.stopAll(true);
        threads.stopAll();
    }
    Poco::ThreadPool threads{2, most_connections + 1};   // one more: the server's own
    net::ServerSocket socket;
    net::HTTPServer server;
};

WebServer::WebServer(const std::string& listen, Handler handler) : inside_{std::make_unique<Inside>(listen, std::move(handler))} {}
WebServer::~WebServer() = default;
std::string WebServer::url() const { return "http://" + inside_->socket.address().toString(); }

}  // namespace loan

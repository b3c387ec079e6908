#include "rest/events.hpp"
#include "rest/open_api.hpp"
#include "rest/router.hpp"
#include "rest/visitors.hpp"
#include "web/server.hpp"

#include <kontor/rest.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>

namespace kontor {
namespace {

using rest::problem;

constexpr std::chrono::seconds between_signs_of_life{15};

bool fits(const RestRoute& route, const web::Request& request) {
    if (route.method != request.method) return false;
    if (!route.path.ends_with("/*")) return route.path == request.path;
    return request.path.starts_with(std::string_view{route.path}.substr(0, route.path.size() - 1));
}

}  // namespace

struct RestServer::Inside {
    Inside(Engine& its_engine, RestOptions given)
        : engine{its_engine},
          options{std::move(given)},
          visitors{options.listen, options.hosts},
          pool{std::max(options.threads, 1U)},
          streams{engine},
          tick{pool},
          server{std::make_unique<web::Server>(web::ServerOptions{.listen = options.listen, .body_limit = options.body_limit},
                                               [this](web::Request request, web::Reply reply) { handle(std::move(request), std::move(reply)); })} {
        keep_alive();
    }

    /// On the server's thread.
    void handle(web::Request request, web::Reply reply) {
        if (const auto complaint = visitors.complaint(request)) return reply.send(problem(403, "FORBIDDEN", *complaint, request.path));
        const auto own = std::ranges::find_if(options.routes, [&](const RestRoute& route) { return fits(route, request); });
        if (own != options.routes.end())
            return later(std::move(request), std::move(reply), [handler = own->handler](const web::Request& r, const web::Reply& to) {
                const RestResponse answer = handler({r.method, r.path, {r.query.begin(), r.query.end()}, r.body});
                to.send({answer.status, {{"content-type", answer.content_type}}, answer.body});
            });
        if (request.path == "/openapi.json" && request.method == "GET") return reply.send({200, {{"content-type", "application/json"}}, rest::open_api()});
        if (request.path == "/v2/events" && request.method == "GET")
            return later(std::move(request), std::move(reply), [this](const web::Request& r, const web::Reply& to) { streams.open(r, to); });
        rest::Match match = rest::match(request.method, request.path);
        if (!match.route) return reply.send(missing(match, request));
        if (const auto* soon = std::get_if<rest::Soon>(&match.route->perform))
            return guarded(request, reply, [&] {
                (*soon)(rest::Call{engine, request, std::move(match.parameters)}, [reply](web::Response response) { reply.send(std::move(response)); });
            });
        later(std::move(request), std::move(reply),
              [this, perform = std::get<rest::Blocking>(match.route->perform), parameters = std::move(match.parameters)](const web::Request& r, const web::Reply& to) {
                  to.send(perform(rest::Call{engine, r, parameters}));
              });
    }

    static web::Response missing(const rest::Match& match, const web::Request& request) {
        if (match.allow.empty()) return problem(404, "NOT_FOUND", "there is nothing at " + request.path + "; /openapi.json lists what there is", request.path);
        web::Response response = problem(405, "METHOD_NOT_ALLOWED", request.path + " knows " + match.allow, request.path);
        response.headers.emplace_back("allow", match.allow);
        return response;
    }

    template <class Work>
    void later(web::Request request, web::Reply reply, Work work) {
        boost::asio::post(pool, [request = std::move(request), reply = std::move(reply), work = std::move(work)] {
            guarded(request, reply, [&] { work(request, reply); });
        });
    }

    template <class Work>
    static void guarded(const web::Request& request, const web::Reply& reply, Work work) {
        try {
            work();
        } catch (const Error& error) {
            reply.send(problem(error, request.path));
        } catch (const std::exception& error) {
            reply.send(problem(500, "INTERNAL_ERROR", error.what(), request.path));
        }
    }

    void keep_alive() {
        tick.expires_after(between_signs_of_life);
        tick.async_wait([this](boost::system::error_code cancelled) {
            if (cancelled) return;
            streams.keep_alive();
            keep_alive();
        });
    }

    void stop() {
        server->stop();
        streams.close();
        pool.stop();
        pool.join();
    }

    Engine& engine;
    const RestOptions options;
    const rest::Visitors visitors;
    boost::asio::thread_pool pool;
    rest::EventStreams streams;
    boost::asio::steady_timer tick;
    std::unique_ptr<web::Server> server;
};

RestServer::RestServer(Engine& engine, RestOptions options) : inside_{std::make_unique<Inside>(engine, std::move(options))} {}
RestServer::~RestServer() { stop(); }
std::uint16_t RestServer::port() const noexcept { return inside_->server->port(); }
std::string RestServer::url() const { return inside_->server->url(); }
void RestServer::stop() { inside_->stop(); }

}  // namespace kontor

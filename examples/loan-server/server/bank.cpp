#include "server/bank.hpp"

#include "net/client.hpp"

#include <kontor/http.hpp>

#include <Poco/JSON/Array.h>

#include <sstream>

namespace loan {
namespace {

using namespace std::chrono_literals;

/// A store that is a file has a folder beside it; nothing is kept for one in memory.
std::filesystem::path book_of(const std::string& store, const std::string& service) {
    constexpr std::string_view sqlite = "sqlite:";
    if (!store.starts_with(sqlite)) return {};
    return std::filesystem::path{store.substr(sqlite.size()) + ".services"} / (service + ".jsonl");
}

Object::Ptr counted(const std::string& url) {
    try {
        return read_object(WebClient{url, 2s}.request("GET", "/count").body);
    } catch (const Unreachable& away) {
        Object::Ptr error = new Object;
        error->set("error", away.why);
        return error;
    }
}

}  // namespace

Bank::Bank(const ServerOptions& options) {
    for (const auto& d : desks()) {
        const std::string name{d.name};
        const auto& settings = options.services.at(name);
        Place place{&d, settings.at};
        if (place.url.empty()) {
            place.service = std::make_unique<BankService>(d, options.seed, settings.behaviour, book_of(options.store, name));
            auto handle = [service = place.service.get()](const Request& request) { return service->handle(request); };
            place.server = std::make_unique<WebServer>("127.0.0.1:0", std::move(handle));
            place.url = place.server->url();
        }
        places_.push_back(std::move(place));
    }
}

std::vector<kontor::Binding> Bank::bindings() const {
    std::vector<kontor::Binding> bindings;
    for (const auto& place : places_)
        bindings.push_back({std::string{place.desk->binding}, kontor::http({.base_url = place.url, .timeout = 10s, .connections = 32})});
    return bindings;
}

kontor::RestRoute Bank::route() const {
    std::vector<std::pair<std::string, std::string>> names;
    for (const auto& place : places_) names.emplace_back(place.desk->name, place.url);
    return {"GET", "/services", [names = std::move(names)](const kontor::RestRequest&) {
                Object services;
                for (const auto& [name, url] : names) {
                    Object::Ptr service = counted(url);
                    service->set("url", url);
                    services.set(name, service);
                }
                return kontor::RestResponse{.body = write(services)};
            }};
}

}  // namespace loan

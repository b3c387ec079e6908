#pragma once
/// The five services: here or elsewhere.
#include "server/options.hpp"

#include <kontor/options.hpp>
#include <kontor/rest.hpp>

#include <memory>
#include <string>
#include <vector>

namespace loan {

class Bank {
public:
    /// Starts the services that do not run elsewhere, each on a free port of the loopback interface, with its book beside the store.
    explicit Bank(const ServerOptions& options);

    /// How the engine calls them.
    [[nodiscard]] std::vector<kontor::Binding> bindings() const;
    /// GET /services: where each is and what it has counted.
    [[nodiscard]] kontor::RestRoute route() const;

private:
    struct Place {
        const Desk* desk = nullptr;
        std::string url{};
        std::unique_ptr<BankService> service{};
        std::unique_ptr<WebServer> server{};   // ends before its service
    };
    std::vector<Place> places_;
};

}  // namespace loan

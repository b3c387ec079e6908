#pragma once
/// The command line of `loan-server`.
#include "net/usage.hpp"
#include "services/service.hpp"

#include <map>
#include <span>
#include <string>

namespace loan {

struct ServiceSettings {
    Behaviour behaviour{};
    std::string at{};                 ///< it runs elsewhere; empty: here
};

struct ServerOptions {
    std::string store = "sqlite:loans.db";
    std::string listen{};             ///< empty: 127.0.0.1:8080, and for a service alone any free port
    std::string alone{};              ///< the only service that is run, without an engine
    std::string book{};               ///< of a service alone
    unsigned seed = 1;
    bool help = false;
    std::map<std::string, ServiceSettings> services{};   ///< by name, all five
};

extern const char* const server_usage;
/// Throws UsageError with what is wrong and what would be right.
ServerOptions read_options(std::span<const char* const> words);

}  // namespace loan

#pragma once
/// Which route a request takes.
#include "rest/call.hpp"

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kontor::rest {

/// Answers when it has something to say; may be called on the server's thread, so it must not block.
using Soon = void (*)(const Call&, Answer);
/// Waits for the store; called on a thread of the pool.
using Blocking = web::Response (*)(const Call&);

/// One row of the interface: what the router goes by and the API document says.
struct Route {
    std::string_view method{};
    std::string_view path{};            ///< `{name}` stands for one segment
    std::string_view tag{};
    std::string_view summary{};
    std::variant<Soon, Blocking> perform{};
    std::string_view body{};            ///< what the body may hold, as the API document shows it: names, `*` behind those that must be there
    std::string_view answer{};          ///< what a good answer holds; empty: 204 without a body
};
std::span<const Route> routes();

struct Match {
    const Route* route = nullptr;               ///< null: nothing has this path and method
    std::vector<std::string> parameters{};
    std::string allow{};                        ///< the methods that the path has, if only the method was wrong
};
Match match(std::string_view method, std::string_view path);

}  // namespace kontor::rest

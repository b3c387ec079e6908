#pragma once
/// Who may ask at all: no page of another site that a user's browser happens to show.
#include "web/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::rest {

/// A browser sends requests for any page that it shows, also to loopback addresses. It says from where in the header Origin (WHATWG Fetch,
/// 3.2), which must be the server itself. A page may also have its own name resolve to a loopback address: then Host gives it away.
class Visitors {
public:
    /// `listen`: what the server listens at. `hosts`: further names by which it is reached.
    Visitors(std::string_view listen, std::vector<std::string> hosts);

    /// Why the request is refused; nothing if it is welcome.
    [[nodiscard]] std::optional<std::string> complaint(const web::Request&) const;

private:
    [[nodiscard]] bool knows(std::string_view host) const;

    std::vector<std::string> hosts_;
    bool only_loopback_;
};

}  // namespace kontor::rest

#include "store/shared/presences.hpp"

namespace kontor::store {

void Presences::leave(std::string_view node) {
    if (const auto found = nodes_.find(node); found != nodes_.end()) nodes_.erase(found);
}

bool Presences::is_here_at(std::string_view node, Instant when) const {
    const auto found = nodes_.find(node);
    return found != nodes_.end() && found->second.until > when;
}

Presences Presences::at_this_moment() const {
    Presences frozen = *this;
    frozen.set_clock([now = now_()] { return now; });
    return frozen;
}

std::vector<ports::Node> Presences::nodes() const {
    std::vector<ports::Node> here;
    const Instant now = now_();
    for (const auto& [id, present] : nodes_)
        if (is_here_at(id, now)) here.push_back({id, present.is_guest});
    return here;
}

}  // namespace kontor::store

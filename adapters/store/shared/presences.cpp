#include "store/shared/presences.hpp"

namespace kontor::store {

void Presences::leave(std::string_view node) {
    if (const auto found = nodes_.find(node); found != nodes_.end()) nodes_.erase(found);
}

bool Presences::is_here(std::string_view node) const {
    const auto found = nodes_.find(node);
    return found != nodes_.end() && found->second.until > now_();
}

std::vector<ports::Node> Presences::nodes() const {
    std::vector<ports::Node> here;
    for (const auto& [id, present] : nodes_)
        if (is_here(id)) here.push_back({id, present.is_guest});
    return here;
}

}  // namespace kontor::store

#include "cli/serve/bindings.hpp"

#include "cli/failure.hpp"
#include "cli/store/place.hpp"
#include "model/service_name.hpp"

#include <kontor/http.hpp>

#include <algorithm>

namespace kontor::cli {

Binding read_binding(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
        throw UsageError{"--service " + text + " says not who carries out what", "for example --service 'credit.*=http://localhost:8081'"};
    try {
        return {text.substr(0, equals), http({.base_url = text.substr(equals + 1)})};
    } catch (const Error& error) {
        throw UsageError{"--service " + text + ": " + error.what()};
    }
}

namespace {

bool is_bound(const std::vector<std::string>& names, const std::string& service) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return model::service_fits(name, service); });
}

}  // namespace

std::set<std::string> unbound_services(const std::string& url, const std::vector<std::string>& bound) {
    std::set<std::string> unbound;
    if (url.starts_with("memory:")) return unbound;
    const OpenStore store{url};
    for (const auto& row : store.store().deployments())
        if (const auto version = store.definitions().by_id(row.id))
            for (const auto& element : version->process().elements)
                if (const auto* call = model::service_call(element.kind); call && !is_bound(bound, call->service))
                    unbound.insert(call->service);
    return unbound;
}

}  // namespace kontor::cli

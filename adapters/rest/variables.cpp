#include "rest/call.hpp"

#include "value/json.hpp"

#include <algorithm>

namespace kontor::rest {
namespace {

/// Each instance is read from its journal, so a request may not name any number of them.
constexpr std::size_t most_instances = 200;

/// What a filter asks for: one value, or any of several as `{"$in": [...]}`.
std::vector<std::string> any_of(const Search& search, std::string_view name) {
    if (!search.filter.contains(name)) return {};
    const auto& wanted = search.filter.get<Value>(name);
    if (!wanted.if_context()) return {wanted.as<std::string>()};
    const auto& condition = *wanted.if_context();
    if (condition.size() != 1 || !condition.contains("$in"))
        throw Error{Code::bad_input, "filter." + std::string{name} + R"( is a value or {"$in": [...]}; other conditions are not known)"};
    return condition.get<std::vector<std::string>>("$in");
}

}  // namespace

web::Response search_variables(const Call& call) {
    const Search search{call, {"processInstanceKey", "name"}};
    const auto instances = any_of(search, "processInstanceKey");
    const auto names = any_of(search, "name");
    if (instances.empty()) throw Error{Code::bad_input, "filter.processInstanceKey must say which instances; there is no index by value"};
    if (instances.size() > most_instances)
        throw Error{Code::bad_input, "filter.processInstanceKey names " + std::to_string(instances.size()) + " instances; at most "
                                         + std::to_string(most_instances) + " at once"};
    std::vector<Value> items;
    for (const auto& instance : instances) {
        const auto key = InstanceKey::parse(instance);
        if (!call.engine.find(key)) continue;   // a search finds nothing there, as Camunda's
        for (const auto& variable : call.engine.masked_variables(key))
            if (names.empty() || std::ranges::find(names, variable.name) != names.end())
                items.emplace_back(Variables{{"name", variable.name},
                                             {"value", json::write(variable.value)},
                                             {"processInstanceKey", instance},
                                             {"scopeKey", instance},
                                             {"isTruncated", false},
                                             {"tenantId", "<default>"}});
    }
    return json_response(Variables{{"items", std::move(items)}, {"page", Variables{{"hasMoreTotalItems", false}}}});
}

}  // namespace kontor::rest

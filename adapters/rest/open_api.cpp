#include "rest/open_api.hpp"

#include "rest/router.hpp"

namespace kontor::rest {
namespace {

Variables text(std::string_view description) {
    return {{"description", description}};
}

Value content(std::string_view type, std::string_view schema) {
    return Variables{{type, Variables{{"schema", Variables{{"$ref", "#/components/schemas/" + std::string{schema}}}}}}};
}

/// An object of the names that a row of the table gives.
Value object_of(std::string_view names) {
    Variables properties;
    std::vector<Value> required;
    const std::string_view all = names;
    while (!names.empty()) {
        const auto end = std::min(names.find_first_of(",;"), names.size());
        std::string_view name = names.substr(0, end);
        names.remove_prefix(std::min(end + 1, names.size()));
        while (name.starts_with(' ')) name.remove_prefix(1);
        name = name.substr(0, name.find_first_of(": ("));
        const bool must = name.ends_with('*');
        if (must) name.remove_suffix(1);
        if (name.empty()) continue;
        properties.set(name, Variables{});
        if (must) required.emplace_back(name);
    }
    Variables schema{{"type", "object"}, {"description", all}, {"properties", properties}};
    if (!required.empty()) schema.set("required", std::move(required));
    return schema;
}

std::vector<Value> parameters_of(std::string_view path) {
    std::vector<Value> parameters;
    for (auto from = path.find('{'); from != std::string_view::npos; from = path.find('{', from + 1))
        parameters.emplace_back(Variables{{"name", path.substr(from + 1, path.find('}', from) - from - 1)},
                                          {"in", "path"},
                                          {"required", true},
                                          {"schema", Variables{{"type", "string"}, {"pattern", "^[0-9]+$"}}}});
    return parameters;
}

Variables operation_of(const Route& route) {
    Variables good = route.answer.empty() ? text("done") : text("fine");
    if (!route.answer.empty()) good.set("content", Variables{{"application/json", Variables{{"schema", object_of(route.answer)}}}});
    Variables bad = text("a problem");
    bad.set("content", content("application/problem+json", "Problem"));
    Variables operation{{"summary", route.summary},
                        {"tags", std::vector<Value>{route.tag}},
                        {"parameters", parameters_of(route.path)},
                        {"responses", Variables{{route.answer.empty() ? "204" : "200", good}, {"default", bad}}}};
    if (!route.body.empty())
        operation.set("requestBody", Variables{{"content", Variables{{"application/json", Variables{{"schema", object_of(route.body)}}}}}});
    return operation;
}

std::string lower(std::string_view method) {
    std::string out{method};
    for (char& c : out) c = static_cast<char>(c - 'A' + 'a');
    return out;
}

}  // namespace

std::string open_api() {
    Variables paths;
    for (const Route& route : routes()) {
        Variables path = paths.get_or<Variables>(route.path, {});
        path.set(lower(route.method), operation_of(route));
        paths.set(route.path, path);
    }
    Variables stream = text("server-sent events; `id` is the cursor");
    stream.set("content", Variables{{"text/event-stream", Variables{}}});
    paths.set("/v2/events", Variables{{"get", Variables{{"summary", "Live changes; Last-Event-ID or ?after= goes on behind a cursor, ?after=start tells all from the beginning"},
                                                         {"tags", std::vector<Value>{"events"}},
                                                         {"responses", Variables{{"200", stream}}}}}});
    const Variables problem{{"type", "object"},
                            {"properties", Variables{{"type", Variables{}}, {"title", Variables{}}, {"status", Variables{}}, {"detail", Variables{}},
                                                     {"instance", Variables{}}, {"problems", Variables{}}}}};
    return json::write(Variables{{"openapi", "3.1.0"},
                                 {"info", Variables{{"title", "Kontor"}, {"version", "0.1.0"},
                                                    {"description", "The engine over HTTP. Names and bodies follow Camunda 8's REST API where it has the same thing."}}},
                                 {"paths", paths},
                                 {"components", Variables{{"schemas", Variables{{"Problem", problem}}}}}});
}

}  // namespace kontor::rest

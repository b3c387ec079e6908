#include "yaml/schema.hpp"

#include "value/json.hpp"
#include "yaml/decision.hpp"
#include "yaml/elements/table.hpp"
#include "yaml/flow/reading.hpp"
#include "yaml/process.hpp"
#include "yaml/test_keys.hpp"

#include <algorithm>
#include <map>

namespace kontor::yaml {

namespace {

using Object = Variables;

Object string_of(std::string_view pattern = {}) {
    Object schema{{"type", "string"}};
    if (!pattern.empty()) schema.set("pattern", pattern);
    return schema;
}

Object list_of(Value items) { return {{"type", "array"}, {"items", std::move(items)}}; }
Object map_of(Value values) { return {{"type", "object"}, {"additionalProperties", std::move(values)}}; }
Object any_of(std::vector<Value> choices) { return {{"anyOf", Value{std::move(choices)}}}; }
Object one_of_texts(std::vector<Value> texts) { return {{"enum", Value{std::move(texts)}}}; }
Object one_or_list(const Value& item) { return any_of({item, Value{list_of(item)}}); }

/// Collects the definitions that a schema refers to, each once.
class Schema {
public:
    std::string write(std::string_view title, const std::vector<Keys>& root) {
        Object schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}};
        for (const auto& [name, value] : object(root)) schema.set(name, value);
        Object definitions;
        for (const auto& [name, definition] : definitions_) definitions.set(name, definition);
        schema.set("$defs", definitions);
        return json::write_pretty(schema) + "\n";
    }

private:
    /// A mapping with these keys and no others.
    Object object(const std::vector<Keys>& tables) {
        Object properties;
        std::vector<Value> needed;
        for (const Keys keys : tables) {
            for (const Key& key : keys) {
                if (key.presence == Key::Presence::not_yet) continue;
                Object property = of(key.shape);
                property.set("description", key.doc);
                properties.set(key.name, property);
                if (key.presence == Key::Presence::required) needed.emplace_back(key.name);
            }
        }
        Object schema{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
        if (!needed.empty()) schema.set("required", Value{std::move(needed)});
        return schema;
    }

    template <class Make>
    Object reference(const std::string& name, Make make) {
        if (!definitions_.contains(name)) {
            definitions_[name] = Object{};   // it may refer to itself
            definitions_[name] = make();
        }
        return {{"$ref", "#/$defs/" + name}};
    }

    Object object_reference(const std::string& name, const std::vector<Keys>& tables) {
        return reference(name, [&] { return object(tables); });
    }

    Object element(const ElementSpec& spec) {
        return reference(std::string{spec.word}, [&] {
            const Key word{spec.word, Shape::id, spec.doc, required};
            auto tables = shared_keys(spec.group);
            tables.insert(tables.begin(), Keys{&word, 1});
            tables.push_back(spec.keys);
            return object(tables);
        });
    }

    Object item(bool activities_only) {
        return reference(activities_only ? "activity" : "element", [&] {
            std::vector<Value> choices;
            for (const ElementSpec* spec : element_table())
                if (!activities_only || spec->group == ElementSpec::Group::activity) choices.emplace_back(element(*spec));
            return Object{{"oneOf", Value{std::move(choices)}}};
        });
    }

    Object flow() { return list_of(item(false)); }
    Object type_declaration(const std::string& name, Keys keys) {
        return any_of({Value{string_of()}, Value{object_reference(name, {keys})}}); }
    Object types() {
        return map_of(any_of({Value{string_of()}, Value{object_reference("type", {type_definition_keys()})}}));
    }
    Object boundary_event() { return object_reference("boundaryEvent", {catch_keys(), error_keys(), boundary_keys()}); }
    Object event_subprocess() { return object_reference("eventSubProcess",
        {catch_keys(), error_keys(), event_subprocess_keys(), scope_keys()}); }
    Object steps() { return list_of(object_reference("step", {step_keys(), step_detail_keys()})); }
    Object answers(const std::string& name, Keys keys) { return map_of(one_or_list(object_reference(name, {keys}))); }

    Object of(Shape);
    Object of_structure(Shape);
    Object of_test(Shape);

    std::map<std::string, Object> definitions_;
};

constexpr std::string_view id_pattern = "^[A-Za-z_][A-Za-z0-9_.-]*$";
constexpr std::string_view duration_pattern = "^P(?=[0-9T])([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\\.[0-9]+)?S)?)?$";

/// Single values. No `default`: a shape that is forgotten here is a warning, and so an error.
Object Schema::of(Shape shape) {
    switch (shape) {
        case Shape::anything: return {};
        case Shape::text: return string_of();
        case Shape::texts: return one_or_list(string_of());
        case Shape::id: return string_of(id_pattern);
        case Shape::ids: return one_or_list(string_of(id_pattern));
        case Shape::path: return list_of(string_of());
        case Shape::names: return list_of(string_of());
        case Shape::flag: return {{"type", "boolean"}};
        case Shape::yes: return {{"const", true}};
        case Shape::count: return {{"type", "integer"}, {"minimum", 1}};
        case Shape::times: return {{"type", "integer"}, {"minimum", 0}};
        case Shape::lost: return any_of({Value{Object{{"const", true}}}, Value{Object{{"type", "integer"}, {"minimum", 1}}}});
        case Shape::took_effect: return one_of_texts({Value{true}, Value{false}, Value{"unknown"}});
        case Shape::incident_kind: return one_of_texts({incident_kinds().begin(), incident_kinds().end()});
        case Shape::format: return {{"const", 1}};
        case Shape::duration: return string_of(duration_pattern);
        case Shape::instant: return string_of();
        case Shape::expression: return string_of("^=");
        case Shape::condition: return any_of({Value{string_of("^=")}, Value{Object{{"type", "boolean"}}}});
        case Shape::due:
        case Shape::assignee:
        case Shape::type_ref:
        case Shape::table: return string_of();
        case Shape::values: return map_of(true);
        case Shape::output: return any_of({Value{string_of("^[A-Za-z_][A-Za-z0-9_]*$")}, Value{map_of(true)}});
        case Shape::next: return one_or_list(string_of(id_pattern));
        case Shape::error_codes: return one_or_list(string_of());
        case Shape::compensate: return string_of();
        case Shape::hit_policy:
            return one_of_texts({Value{"UNIQUE"}, Value{"FIRST"}, Value{"PRIORITY"}, Value{"ANY"}, Value{"COLLECT"}, Value{"RULE ORDER"}, Value{"OUTPUT ORDER"},
                                 Value{"COLLECT SUM"}, Value{"COLLECT MIN"}, Value{"COLLECT MAX"}, Value{"COLLECT COUNT"}});
        case Shape::on_interrupt:
            return any_of({Value{Object{{"const", "compensate"}}},
                           Value{Object{{"type", "object"}, {"properties", Object{{"abandon", string_of()}}}, {"required", Value{std::vector<Value>{Value{"abandon"}}}},
                                        {"additionalProperties", false}}}});
        case Shape::timer:
        case Shape::retry:
        case Shape::flow:
        case Shape::paths:
        case Shape::branches:
        case Shape::event_branches:
        case Shape::boundary_events:
        case Shape::event_subprocesses:
        case Shape::compensation:
        case Shape::variables:
        case Shape::form:
        case Shape::types:
        case Shape::type_definitions:
        case Shape::type_fields:
        case Shape::services:
        case Shape::messages:
        case Shape::defaults:
        case Shape::processes:
        case Shape::inputs:
        case Shape::outputs: return of_structure(shape);
        case Shape::mocks:
        case Shape::mock_services:
        case Shape::mock_answer:
        case Shape::mock_tasks:
        case Shape::mock_query:
        case Shape::cases:
        case Shape::steps:
        case Shape::expect:
        case Shape::calls: return of_test(shape);
    }
    return {};
}

Object Schema::of_structure(Shape shape) {
    switch (shape) {
        case Shape::timer: return any_of({Value{string_of()}, Value{object_reference("timer", {timer_keys()})}});
        case Shape::retry: return object_reference("retry", {retry_keys()});
        case Shape::flow: return flow();
        case Shape::paths: return map_of(flow());
        case Shape::branches: return list_of(object_reference("branch", {branch_keys()}));
        case Shape::event_branches: return list_of(object_reference("eventBranch", {catch_keys(), event_branch_keys()}));
        case Shape::boundary_events: return list_of(boundary_event());
        case Shape::event_subprocesses: return list_of(event_subprocess());
        case Shape::compensation: return item(true);
        case Shape::variables: return map_of(any_of({Value{string_of()}, Value{Object{{"type", "null"}}}, Value{object_reference("variable", {variable_keys()})}}));
        case Shape::form: return map_of(type_declaration("formField", form_keys()));
        case Shape::types: return any_of({Value{one_or_list(string_of())}, Value{types()}});
        case Shape::type_definitions: return types();
        case Shape::type_fields: return map_of(type_declaration("field", type_field_keys()));
        case Shape::services: return map_of(object_reference("service", {service_keys()}));
        case Shape::messages: return map_of(any_of({Value{Object{{"type", "null"}}}, Value{object_reference("message", {message_keys()})}}));
        case Shape::defaults: return object_reference("defaults", {defaults_keys()});
        case Shape::processes: return list_of(object_reference("process", {process_keys(), scope_keys()}));
        case Shape::inputs: return map_of(type_declaration("input", decision_input_keys()));
        case Shape::outputs: return map_of(type_declaration("output", decision_output_keys()));
        default: return {};
    }
}

Object Schema::of_test(Shape shape) {
    switch (shape) {
        case Shape::mocks: return object_reference("mocks", {mocks_keys()});
        case Shape::mock_services: return answers("mockAnswer", mock_answer_keys());
        case Shape::mock_answer: return object_reference("mockAnswer", {mock_answer_keys()});
        case Shape::mock_tasks: return answers("mockTask", mock_task_keys());
        case Shape::mock_query: return object_reference("mockQuery", {mock_query_keys()});
        case Shape::cases: return list_of(object_reference("case", {case_keys()}));
        case Shape::steps: return steps();
        case Shape::expect: return object_reference("expect", {expect_keys()});
        case Shape::calls: return map_of(object_reference("calls", {expected_calls_keys()}));
        default: return {};
    }
}

/// A file of several processes has their keys one level down, so at the top only `kontor` is always there.
std::vector<Keys> process_file() { return {file_keys(), process_keys()}; }

}  // namespace

std::string process_schema() {
    static const auto optional_scope = [] {
        std::vector<Key> keys{scope_keys().begin(), scope_keys().end()};
        for (Key& key : keys) key.presence = Key::Presence::optional;
        return keys;
    }();
    auto tables = process_file();
    tables.emplace_back(optional_scope);
    return Schema{}.write("Kontor process", tables);
}

std::string decision_schema() { return Schema{}.write("Kontor decision", {decision_keys()}); }
std::string types_schema() { return Schema{}.write("Kontor types", {type_file_keys()}); }
std::string test_schema() { return Schema{}.write("Kontor process test", {test_file_keys()}); }
std::string mocks_schema() { return Schema{}.write("Kontor mocks", {mocks_keys(), mock_file_keys()}); }

}  // namespace kontor::yaml

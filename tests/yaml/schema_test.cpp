/// The JSON Schemas say the same as the readers: by hand for keys and shape, and a small validator for whole files.
#include "value/json.hpp"
#include "yaml/elements/table.hpp"
#include "yaml/problems.hpp"
#include "yaml/read.hpp"
#include "yaml/schema.hpp"
#include "yaml/tree/parse.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

using namespace kontor;

namespace {

/// A validator for the words of JSON Schema that our schemas use; any other word fails the test.
class Validator {
public:
    explicit Validator(const std::string& text) : schema_{json::parse(text).as<Variables>()} {}
    [[nodiscard]] bool accepts(const Value& value) { return fits(schema_, value, "$"); }
    std::string why;

private:
    bool fail(const std::string& path, const std::string& reason) {
        if (why.empty()) why = path + ": " + reason;
        return false;
    }

    bool fits(const Value& schema, const Value& value, const std::string& path) {
        if (const bool* all = schema.if_boolean()) return *all || fail(path, "not allowed");
        const Variables object = schema.as<Variables>();
        for (const auto& [word, rule] : object)
            if (!holds(std::string{word}, rule, object, value, path)) return false;
        return true;
    }

    bool holds(const std::string& word, const Value& rule, const Variables& schema, const Value& value, const std::string& path) {
        if (word == "$schema" || word == "title" || word == "$defs" || word == "description") return true;
        if (word == "$ref") return fits(schema_.get<Variables>("$defs").at(rule.as<std::string>().substr(8)), value, path);
        if (word == "type") return is(rule.as<std::string>(), value) || fail(path, "is no " + rule.as<std::string>());
        if (word == "const") return value == rule || fail(path, "is not the constant");
        if (word == "enum") return std::ranges::find(*rule.if_list(), value)
            != rule.if_list()->end() || fail(path, "is none of the choices");
        if (word == "minimum") return value.as<Decimal>() >= rule.as<Decimal>() || fail(path, "too small");
        if (word == "pattern") return !value.if_string()
            || std::regex_search(*value.if_string(), std::regex{rule.as<std::string>()})
                || fail(path, "does not match " + rule.as<std::string>());
        if (word == "items") return std::ranges::all_of(value.as<List>(),
            [&](const Value& item) { return fits(rule, item, path + "[]"); });
        if (word == "required") return std::ranges::all_of(*rule.if_list(),
            [&](const Value& key) { return value.if_context()->contains(*key.if_string())
                || fail(path, "has no " + *key.if_string()); });
        if (word == "properties") return std::ranges::all_of(value.as<Variables>(), [&](const auto& entry) {
            const Value* inner = rule.if_context()->find(entry.name);
            return !inner || fits(*inner, entry.value, path + "." + entry.name);
        });
        if (word == "additionalProperties") return std::ranges::all_of(value.as<Variables>(), [&](const auto& entry) {
            const Value* known = schema.find("properties");
            return (known && known->if_context()->contains(entry.name)) || fits(rule, entry.value, path + "." + entry.name);
        });
        if (word == "anyOf" || word == "oneOf") {
            const auto count = std::ranges::count_if(*rule.if_list(),
                [&](const Value& choice) { return fits(choice, value, path); });
            return (word == "anyOf" ? count >= 1 : count == 1) || (why.empty() && fail(path, "fits no choice"));
        }
        throw std::logic_error{"a word that the test does not know: " + word};
    }

    static bool is(const std::string& type, const Value& value) {
        if (type == "object") return value.if_context();
        if (type == "array") return value.if_list();
        if (type == "string") return value.if_string();
        if (type == "boolean") return value.if_boolean();
        if (type == "null") return value.is_null();
        return type == "integer" && value.if_number() && value.if_number()->is_integer();
    }

    Variables schema_;
};

/// Data as an editor's YAML parser sees it.
Value to_data(const yaml::Node& node) {
    if (node.is_list()) {
        std::vector<Value> items;
        for (const auto& item : node.items) items.push_back(to_data(item));
        return items;
    }
    if (node.is_map()) {
        Variables map;
        for (const auto& entry : node.entries) map.set(entry.key.text, to_data(entry.value));
        return map;
    }
    if (node.is_null() || (node.is_plain() && node.text == "null")) return {};
    if (!node.is_plain()) return node.text;
    if (node.text == "true" || node.text == "false") return node.text == "true";
    const auto number = Decimal::try_parse(node.text);
    return number ? Value{*number} : Value{node.text};
}

std::string whole(const std::string& path) {
    std::ifstream in{std::string{KONTOR_SOURCE_DIR "/tests/yaml/"} + path, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::string verdict(const std::string& schema, const std::string& yaml) {
    yaml::Problems problems{"x"};
    const auto document = yaml::parse(yaml, problems);
    REQUIRE(document);
    Validator validator{schema};
    return validator.accepts(to_data(document->root)) ? "fits" : validator.why;
}

}  // namespace

TEST_CASE("every key that a reader knows stands in the schema, and those that do not run yet stand in none") {
    const Variables definitions = json::parse(yaml::process_schema()).as<Variables>().get<Variables>("$defs");
    for (const auto* spec : yaml::element_table()) {
        INFO(spec->word);
        const auto element = definitions.get<Variables>(spec->word);
        const auto properties = element.get<Variables>("properties");
        CHECK(properties.contains(spec->word));
        auto tables = yaml::shared_keys(spec->group);
        tables.push_back(spec->keys);
        for (const auto keys : tables)
            for (const auto& key : keys) {
                INFO(key.name);
                CHECK(properties.contains(key.name) == (key.presence != yaml::not_yet));
                if (key.presence != yaml::not_yet) CHECK_FALSE(key.doc.empty());
            }
    }
}

TEST_CASE("whole files fit their schemas") {
    CHECK(verdict(yaml::process_schema(), whole("examples/home-loan.yaml")) == "fits");
    CHECK(verdict(yaml::types_schema(), whole("examples/loan-types.yaml")) == "fits");
    CHECK(verdict(yaml::decision_schema(), whole("examples/loan-eligibility.decision.yaml")) == "fits");
    CHECK(verdict(yaml::test_schema(), whole("examples/home-loan.test.yaml")) == "fits");
    CHECK(verdict(yaml::mocks_schema(),
        "start: 2026-03-02T09:00:00@Europe/Paris\nservices: { a: [{ fails: 2 }, { result: {} }] }\n") == "fits");
    CHECK(verdict(yaml::process_schema(), "kontor: 1\nprocesses:\n  - process: a\n    flow: [{ startEvent: b, next: [] }]\n") ==
        "fits");
}

TEST_CASE("the ready-made workflows fit their schemas") {
    const std::map<yaml::FileKind, std::string> schemas{{yaml::FileKind::process, yaml::process_schema()},
                                                        {yaml::FileKind::decision, yaml::decision_schema()},
                                                        {yaml::FileKind::types, yaml::types_schema()},
                                                        {yaml::FileKind::test, yaml::test_schema()},
                                                        {yaml::FileKind::mock, yaml::mocks_schema()}};
    for (const auto& entry : std::filesystem::recursive_directory_iterator{KONTOR_SOURCE_DIR "/workflows"}) {
        if (entry.path().extension() != ".yaml") continue;
        const std::string text = whole("../../workflows/" + entry.path().lexically_relative(KONTOR_SOURCE_DIR "/workflows").string());
        const auto kind = yaml::kind_of({"x", text});
        INFO(entry.path().filename().string());
        REQUIRE(schemas.contains(kind));
        CHECK(verdict(schemas.at(kind), text) == "fits");
    }
}

TEST_CASE("what a reader refuses for its keys, the schema refuses too") {
    CHECK(verdict(yaml::process_schema(),
        "kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n  - serviceTask: b\n    retires: {}\n") != "fits");
    CHECK(verdict(yaml::process_schema(), "kontor: 1\nprocess: p\nflow:\n  - startEvent: a\n  - serviceTask: b\n") != "fits");
    CHECK(verdict(yaml::process_schema(), "kontor: 2\nprocess: p\nflow: []\n") != "fits");
    CHECK(verdict(yaml::process_schema(), "kontor: 1\nprocess: p\nflow:\n  - transaction: a\n") != "fits");
    CHECK(verdict(yaml::process_schema(), "kontor: 1\nprocess: p\ndefaults: { retry: { backoff: 5s } }\nflow: []\n") != "fits");
    CHECK(verdict(yaml::decision_schema(), "kontor: 1\ndecision: d\nhitPolicy: FRIST\ninputs: {}\noutputs: {}\nrules: x\n") !=
        "fits");
    CHECK(verdict(yaml::test_schema(), "kontor: 1\ntest: p\ncases: [{ case: a, steps: [{ strat: {} }] }]\n") != "fits");
}

/// YAML data to Value.
#include "model/type.hpp"
#include "value/temporal_text.hpp"
#include "yaml/parts/site.hpp"

#include <algorithm>

namespace kontor::yaml {

namespace {

using model::Type;

/// A text as the type that is declared for it reads it: `2026-03-01` where a date is declared.
std::optional<Value> typed(const std::string& text, const Type* type) {
    if (!type) return std::nullopt;
    const auto value = [](auto parsed) { return parsed ? std::optional<Value>{Value{std::move(*parsed)}} : std::nullopt; };
    switch (type->kind) {
        case Type::Kind::date: return value(parse_date(text));
        case Type::Kind::time: return value(parse_time(text));
        case Type::Kind::date_time: return value(parse_date_time(text));
        case Type::Kind::days_duration: return value(parse_days_duration(text));
        case Type::Kind::months_duration: return value(parse_months_duration(text));
        default: return std::nullopt;
    }
}

std::optional<Value> read_scalar(const Site& site, const Node& node, std::string_view what, const Type* type) {
    switch (spelling(node)) {
        case Spelling::null: return Value{};
        case Spelling::boolean: return Value{node.text == "true"};
        case Spelling::number: {
            if (auto number = Decimal::try_parse(node.text)) return Value{*number};
            site.error(node, "number-too-long", quoted(node.text) + " does not fit a decimal of 34 digits");
            return std::nullopt;
        }
        case Spelling::text: {
            auto value = typed(node.text, type);
            return value ? value : std::optional<Value>{Value{node.text}};
        }
        case Spelling::date: {
            if (auto value = typed(node.text, type)) return value;
            site.error(node, "ambiguous-scalar", quoted(node.text) + " is a text to some versions of YAML and a date to others",
                       "quote it for a text; for a date write = date(\"" + node.text.substr(0, 10) + "\"), or declare the type");
            return std::nullopt;
        }
        case Spelling::expression:
            site.error(node, "expression-misplaced", quoted(what) + " is a fixed value: an expression cannot stand here");
            return std::nullopt;
        case Spelling::ambiguous: break;
    }
    site.error(node, "ambiguous-scalar", quoted(node.text) + " means different things in different versions of YAML",
               "quote it, '" + node.text + "', or write true, false, null or a plain number");
    return std::nullopt;
}

const Type* field_type(const Type* type, std::string_view name) {
    if (!type) return nullptr;
    const auto found = std::ranges::find(type->fields, name, &Type::Field::name);
    return found == type->fields.end() ? nullptr : found->type.get();
}

std::optional<Value> read_any(const Site& site, const Node& node, std::string_view what, const Type* type) {
    if (node.broken) return std::nullopt;
    if (node.is_null() || node.is_scalar()) return read_scalar(site, node, what, type);
    bool complete = true;
    if (node.is_list()) {
        std::vector<Value> items;
        for (const Node& item : node.items) {
            auto value = read_any(site, item, what, type ? type->element.get() : nullptr);
            if (value) items.push_back(std::move(*value));
            complete = complete && value;
        }
        return complete ? std::optional<Value>{Value{std::move(items)}} : std::nullopt;
    }
    std::vector<Variables::Entry> entries;
    for (const Entry& entry : node.entries) {
        auto value = read_any(site, entry.value, entry.key.text, field_type(type, entry.key.text));
        if (value) entries.push_back({entry.key.text, std::move(*value)});
        complete = complete && value;
    }
    return complete ? std::optional<Value>{Value{Variables{std::move(entries)}}} : std::nullopt;
}

}  // namespace

std::optional<Value> read_value(const Site& site, const Node& node, std::string_view what, const Type* type) {
    auto value = read_any(site, node, what, type);
    if (!value || !type) return value;
    if (auto found = model::mismatch(*type, *value, what)) {
        site.error(node, "wrong-type", *found);
        return std::nullopt;
    }
    return value;
}

}  // namespace kontor::yaml

#include "conformance/expected.hpp"

#include "feel/operators/compare.hpp"
#include "value/decimal_math.hpp"
#include "value/temporal_text.hpp"

#include <algorithm>

namespace kontor::conformance {
namespace {

constexpr auto xsi = "http://www.w3.org/2001/XMLSchema-instance";

template <class T>
Value or_text(const std::optional<T>& value, const std::string& text) {
    return value ? Value{*value} : Value{text};
}

Value simple(const Element* element) {
    if (element->getAttributeNS(xsi, "nil") == "true") return {};
    const auto text = element->innerText();
    auto type = element->getAttributeNS(xsi, "type");
    type.erase(0, type.find(':') + 1);
    if (type == "boolean") return text == "true";
    if (type == "decimal" || type == "double") return or_text(Decimal::try_parse(text), text);
    if (type == "date") return or_text(parse_date(text), text);
    if (type == "time") return or_text(parse_time(text), text);
    if (type == "dateTime") return or_text(parse_date_time(text), text);
    if (type != "duration") return text;
    if (const auto days = parse_days_duration(text)) return *days;
    return or_text(parse_months_duration(text), text);
}

bool close(const Decimal& expected, const Decimal& actual) {
    if (expected == actual) return true;
    const auto apart = math::sub(expected, actual);
    const auto size = math::abs(expected);
    const auto limit = math::mul(size < Decimal{1} ? Decimal{1} : size, *Decimal::try_parse("1e-8"));
    return apart && limit && math::abs(*apart) <= *limit;
}

}  // namespace

Value read_value(const Element* element) {
    if (const auto* value = child(element, "value")) return simple(value);
    if (const auto* list = child(element, "list")) {
        if (list->getAttributeNS(xsi, "nil") == "true") return {};
        std::vector<Value> items;
        for (const auto* item : children(list, "item")) items.push_back(read_value(item));
        return List(std::move(items));
    }
    const auto components = children(element, "component");
    if (components.empty()) return {};
    Variables context;
    for (const auto* component : components) context.set(attribute(component, "name"), read_value(component));
    return context;
}

bool agrees(const Value& expected, const Value& actual) {
    if (expected.if_number() && actual.if_number()) return close(*expected.if_number(), *actual.if_number());
    if (expected.if_list() && actual.if_list())
        return std::equal(expected.if_list()->begin(), expected.if_list()->end(), actual.if_list()->begin(), actual.if_list()->end(), agrees);
    if (expected.if_context() && actual.if_context()) {
        const auto& [wanted, found] = std::pair{*expected.if_context(), *actual.if_context()};
        return wanted.size() == found.size() && std::all_of(wanted.begin(), wanted.end(), [&](const Variables::Entry& entry) {
                   const Value* other = found.find(entry.name);
                   return other && agrees(entry.value, *other);
               });
    }
    // Zero has no unit: P0D may be expected where P0M is meant.
    if (expected.if_days_duration() && actual.if_months_duration()) return *expected.if_days_duration() == DaysDuration{} && *actual.if_months_duration() == MonthsDuration{};
    return feel::is_true(feel::equal(expected, actual));
}

}  // namespace kontor::conformance

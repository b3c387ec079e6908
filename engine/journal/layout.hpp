#pragma once
/// What a struct looks like when it is stored, in words: for the fingerprint of snapshots and for the reference of events.
#include "journal/field_codec.hpp"

#include <set>
#include <string>

namespace kontor::journal {

/// `instant`, `list of flow`, `optional element`, ...; a struct by its name. `visit` gets a default object of each struct inside.
template <class T, class Visit>
std::string type_text(Visit&& visit) {
    const auto inner = [&]<class U>(std::type_identity<U>) { return type_text<U>(visit); };
    if constexpr (is_key<T>) return "key";
    else if constexpr (std::same_as<T, model::ElementIndex>) return "element";
    else if constexpr (std::same_as<T, model::FlowIndex>) return "flow";
    else if constexpr (std::same_as<T, bool>) return "boolean";
    else if constexpr (std::integral<T>) return "integer";
    else if constexpr (std::same_as<T, Instant>) return "instant";
    else if constexpr (std::same_as<T, std::string>) return "text";
    else if constexpr (std::same_as<T, Value>) return "value";
    else if constexpr (std::same_as<T, Variables>) return "variables";
    else if constexpr (NamedEnum<T>) return "name";
    else if constexpr (is_optional<T>) return "optional " + inner(std::type_identity<typename T::value_type>{});
    else if constexpr (is_list<T>) return "list of " + inner(std::type_identity<typename T::value_type>{});
    else if constexpr (is_map<T>) {
        const std::string key = inner(std::type_identity<typename T::key_type>{});
        return "map from " + key + " to " + inner(std::type_identity<typename T::mapped_type>{});
    } else if constexpr (is_variant<T>) {
        return [&]<class First, class... A>(std::type_identity<std::variant<First, A...>>) {
            return (inner(std::type_identity<First>{}) + ... + (" or " + inner(std::type_identity<A>{})));
        }(std::type_identity<T>{});
    } else {
        visit(blank<T>());
        return std::string{struct_name<T>()};
    }
}

/// The fields of a struct and of all structs inside it: `job(state: name, attempt: integer, ...) ...`.
class Layout {
public:
    template <Struct T>
    static std::string of() {
        Layout layout;
        layout.add(blank<T>());
        return layout.text_;
    }

private:
    template <class T>
    void add(const T& object) {
        if (!seen_.insert(struct_name<T>()).second) return;
        std::string fields;
        each_field(object, [&]<class F>(std::string_view name, const F&) {
            fields += (fields.empty() ? "" : ", ") + std::string{name} + ": " + type_text<F>([this](const auto& inside) { add(inside); });
        });
        text_ += std::string{struct_name<T>()} + '(' + fields + ")\n";
    }

    std::string text_;
    std::set<std::string_view> seen_;
};

}  // namespace kontor::journal

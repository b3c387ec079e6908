#pragma once
/// The fields of structs, listed once: by the struct itself (`each_field`), or here for those that do not list their own.
///
/// The structured bindings are on purpose: a member that is added to a struct and forgotten here does not compile.
#include "core/event.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace kontor::journal {

template <class T>
struct Fields;   // static constexpr std::string_view name; static void each(Self&, F&&); static T blank() if T{} does not do

template <>
struct Fields<core::VariableWrite> {
    static constexpr std::string_view name = "variable";
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        auto& [scope, variable, value] = self;
        f("scope", scope), f("name", variable), f("value", value);
    }
};

template <class T>
concept ListsItsFields = requires(T& object) { T::each_field(object, [](std::string_view, auto&) {}); };
template <class T>
concept FieldsAreListed = requires { Fields<T>::name; };
template <class T>
concept Struct = ListsItsFields<T> || FieldsAreListed<T>;

/// Calls f(name, member) for each field, in the order in which they are stored.
template <class Self, class F>
void each_field(Self& self, F&& f) {
    using T = std::remove_const_t<Self>;
    if constexpr (ListsItsFields<T>) T::each_field(self, std::forward<F>(f));
    else Fields<T>::each(self, std::forward<F>(f));
}

/// An object to read fields into.
template <class T>
T blank() {
    if constexpr (requires { Fields<T>::blank(); }) return Fields<T>::blank();
    else return T{};
}

template <Struct T>
constexpr std::string_view struct_name() noexcept {
    if constexpr (ListsItsFields<T>) return T::type.name;
    else return Fields<T>::name;
}

}  // namespace kontor::journal

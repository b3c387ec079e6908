#pragma once
/// One codec for each type of field; a struct is written by its list of fields. The words are those of value/bytes.hpp.
///
/// struct      varint of bits, the first field the lowest: set if the field is not empty; then those fields. A bool is its bit alone
/// key         see key_codec.hpp            Instant     zigzag milliseconds from the time of the row
/// index       varint                       integers    varint, or zigzag if signed
/// text        text                         Value       see value/codec.hpp; Variables as the context that they are
/// enum        its name as text (names.hpp) optional    as what it holds: its bit says whether there is anything
/// list, map   varint count, then items     variant     name of the alternative as text, then the struct
///
/// There is exactly one form for each struct, and nothing else is accepted.
#include "journal/fields.hpp"
#include "journal/key_codec.hpp"
#include "journal/names.hpp"
#include "value/codec.hpp"

#include <algorithm>
#include <concepts>
#include <deque>
#include <map>
#include <optional>
#include <variant>
#include <vector>

namespace kontor::journal {

template <class T> inline constexpr bool is_key = false;
template <class Tag> inline constexpr bool is_key<Key<Tag>> = true;
template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;
template <class T> inline constexpr bool is_list = false;
template <class T> inline constexpr bool is_list<std::vector<T>> = true;
template <class T> inline constexpr bool is_list<std::deque<T>> = true;
template <class T> inline constexpr bool is_map = false;
template <class K, class V> inline constexpr bool is_map<std::map<K, V>> = true;
template <class T> inline constexpr bool is_variant = false;
template <class... T> inline constexpr bool is_variant<std::variant<T...>> = true;

/// Fields that always take room: an empty enum with names would make the order of its enumerators matter.
template <class T>
inline constexpr bool always_stored = NamedEnum<T> || Struct<T> || is_variant<T>;

template <class T>
bool is_empty(const T& field) {
    if constexpr (is_key<T>) return field.value == 0;
    else if constexpr (is_optional<T>) return !field.has_value();
    else if constexpr (std::same_as<T, Value>) return field.is_null();
    else if constexpr (std::integral<T> || TableIndex<T> || std::same_as<T, Instant>) return field == T{};
    else if constexpr (always_stored<T>) return false;
    else return field.empty();
}

/// Milliseconds from one time to another; wraps, so that it is defined for all.
inline std::int64_t since(Instant from, Instant to) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(to.time_since_epoch().count()) -
                                     static_cast<std::uint64_t>(from.time_since_epoch().count()));
}
inline Instant after(Instant from, std::int64_t milliseconds) noexcept {
    const auto sum = static_cast<std::uint64_t>(from.time_since_epoch().count()) + static_cast<std::uint64_t>(milliseconds);
    return Instant{Duration{static_cast<std::int64_t>(sum)}};
}

/// A name of an enumerator or of an alternative that this version does not have.
class UnknownName : public Error {
public:
    explicit UnknownName(std::string_view name) : Error{Code::bad_input, "no such name: " + std::string{name.substr(0, 40)}} {}
};

class FieldWriter {
public:
    FieldWriter(const Base& base, std::string& out) : keys_{base}, at_{base.at}, out_{out} {}

    template <Struct T>
    void fields(const T& object) {
        std::uint64_t present = 0;
        unsigned place = 0;
        each_field(object, [&](std::string_view, const auto& field) { present |= std::uint64_t{!is_empty(field)} << place++; });
        out_.varint(present);
        each_field(object, [&]<class F>(std::string_view, const F& field) {
            if constexpr (!std::same_as<F, bool>) {
                if (!is_empty(field)) put(field);
            }
        });
    }

private:
    template <class T>
    void put(const T& field) {
        if constexpr (is_key<T>) keys_.write(field.value, out_);
        else if constexpr (std::same_as<T, Instant>) out_.zigzag(since(at_, field));
        else if constexpr (TableIndex<T>) out_.varint(model::raw(field));
        else if constexpr (std::unsigned_integral<T>) out_.varint(field);
        else if constexpr (std::signed_integral<T>) out_.zigzag(field);
        else if constexpr (std::same_as<T, std::string>) out_.text(field);
        else if constexpr (std::same_as<T, Value>) codec::encode(field, out_.out());
        else if constexpr (std::same_as<T, Variables>) codec::encode(Value{field}, out_.out());
        else if constexpr (NamedEnum<T>) out_.text(name_of(field));
        else if constexpr (is_optional<T>) put(*field);
        else if constexpr (is_list<T> || is_map<T>) put_items(field);
        else if constexpr (is_variant<T>) std::visit([this](const auto& alternative) { put_alternative(alternative); }, field);
        else fields(field);
    }
    template <class A>
    void put_alternative(const A& alternative) {
        out_.text(struct_name<A>());
        fields(alternative);
    }
    template <class K, class V>
    void put(const std::pair<K, V>& entry) {
        put(entry.first);
        put(entry.second);
    }
    template <class Items>
    void put_items(const Items& items) {
        out_.varint(items.size());
        for (const auto& item : items) put(item);
    }

    KeyCodec keys_;
    Instant at_;
    bytes::Writer out_;
};

/// Throws Error{Code::bad_input} for bytes that a FieldWriter does not make, after at most as much memory as the bytes justify.
class FieldReader {
public:
    FieldReader(const Base& base, bytes::Reader& in) : keys_{base}, at_{base.at}, in_{&in} {}

    /// Reads on from other bytes, with what is known of the row.
    void continue_with(bytes::Reader& in) noexcept { in_ = &in; }

    /// `object` has the values that it is created with.
    template <Struct T>
    void fields(T& object) {
        if (levels_ == 0) bytes::Reader::damaged("nested too deep");
        --levels_;
        std::uint64_t present = in_->varint();
        each_field(object, [&](std::string_view, auto& field) {
            take_field(field, (present & 1) != 0);
            present >>= 1;
        });
        if (present != 0) bytes::Reader::damaged("more fields than there are");
        ++levels_;
    }

private:
    template <class T>
    void take_field(T& field, bool present) {
        if constexpr (std::same_as<T, bool>) {
            field = present;
        } else if (present) {
            field = take<T>();
            if (is_empty(field)) bytes::Reader::damaged("an empty field takes room");
        } else if constexpr (always_stored<T>) {
            bytes::Reader::damaged("a field is missing");
        } else {
            field = T{};
        }
    }

    template <class T>
    T take() {
        if constexpr (is_key<T>) return T{keys_.read(*in_)};
        else if constexpr (std::same_as<T, Instant>) return after(at_, in_->zigzag());
        else if constexpr (TableIndex<T>) return T{narrow<std::uint32_t>(in_->varint())};
        else if constexpr (std::unsigned_integral<T>) return narrow<T>(in_->varint());
        else if constexpr (std::signed_integral<T>) return narrow<T>(in_->zigzag());
        else if constexpr (std::same_as<T, std::string>) return T{in_->text()};
        else if constexpr (std::same_as<T, Value>) return codec::decode(*in_);
        else if constexpr (std::same_as<T, Variables>) return take_variables();
        else if constexpr (NamedEnum<T>) return take_enum<T>();
        else if constexpr (is_optional<T>) return take<typename T::value_type>();
        else if constexpr (is_list<T>) return take_list<T>();
        else if constexpr (is_map<T>) return take_map<T>();
        else if constexpr (is_variant<T>) return take_variant<T>();
        else {
            T object = blank<T>();
            fields(object);
            return object;
        }
    }

    template <class T, class Wide>
    static T narrow(Wide wide) {
        if (!std::in_range<T>(wide)) bytes::Reader::damaged("a number is too large");
        return static_cast<T>(wide);
    }
    Variables take_variables() {
        const Value value = codec::decode(*in_);
        if (!value.if_context()) bytes::Reader::damaged("variables are a context");
        return *value.if_context();
    }
    template <class T>
    T take_enum() {
        const auto name = in_->text();
        if (const auto value = from_name<T>(name)) return *value;
        throw UnknownName{name};
    }
    template <class T>
    T take_list() {
        T items;
        for (auto count = in_->count(1); count > 0; --count) items.push_back(take<typename T::value_type>());
        return items;
    }
    template <class T>
    T take_map() {
        T map;
        for (auto count = in_->count(2); count > 0; --count) {
            auto key = take<typename T::key_type>();
            if (!map.empty() && !(map.rbegin()->first < key)) bytes::Reader::damaged("keys are not in order");
            auto value = take<typename T::mapped_type>();
            map.emplace_hint(map.end(), std::move(key), std::move(value));
        }
        return map;
    }
    template <class T>
    T take_variant() {
        const auto name = in_->text();
        std::optional<T> result;
        const auto take_if = [&]<class A>(std::type_identity<A>) { return struct_name<A>() == name && (result = take<A>(), true); };
        [&]<class... A>(std::type_identity<std::variant<A...>>) { (take_if(std::type_identity<A>{}) || ...); }(std::type_identity<T>{});
        if (!result) throw UnknownName{name};
        return *std::move(result);
    }

    KeyCodec keys_;
    Instant at_;
    bytes::Reader* in_;
    unsigned levels_ = 300;   // more than values may nest
};

}  // namespace kontor::journal

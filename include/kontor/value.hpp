#pragma once
/// Values of process variables and of FEEL expressions.
#include <kontor/decimal.hpp>
#include <kontor/temporal.hpp>

#include <concepts>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace kontor {

class Value;
struct Range;
/// A FEEL function as a value; it can be called by expressions and cannot be stored. Its inside belongs to the engine.
class Function;

/// A list of values: immutable, shared, cheap to copy. Value type; distinct objects may be used from several threads.
class List {
public:
    struct Item;

    List() noexcept = default;
    List(std::vector<Value> items);
    /// `List{1, "two", List{3}}`. Beware: `List{list}` is a list that contains the list; a copy is `List(list)`.
    List(std::initializer_list<Item> items);
    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] const Value& operator[](std::size_t index) const noexcept;
    [[nodiscard]] const Value* begin() const noexcept;
    [[nodiscard]] const Value* end() const noexcept;
    /// See nesting(const Value&). Takes constant time.
    [[nodiscard]] std::size_t nesting() const noexcept;
    friend bool operator==(const List&, const List&);

private:
    struct Content;
    std::shared_ptr<const Content> content_;
};

/// A FEEL context, and the form of all variables: names with values, in the order in which they were first set.
/// Copies share their content until one of them is changed. Value type; distinct objects may be used from several threads.
class Variables {
public:
    struct Entry;

    Variables() noexcept = default;
    /// A name that stands twice keeps its first place and its last value.
    Variables(std::initializer_list<std::pair<const std::string_view, Value>> entries);
    explicit Variables(std::vector<Entry> entries);

    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] bool contains(std::string_view name) const noexcept { return find(name) != nullptr; }
    /// Nothing if absent; valid until this object is changed or destroyed.
    [[nodiscard]] const Value* find(std::string_view name) const noexcept;
    /// Throws Error{Code::bad_input} if absent.
    [[nodiscard]] const Value& at(std::string_view name) const;
    /// The value as a T. Throws Error{Code::bad_input} with the name, the wanted and the found type.
    template <class T>
    [[nodiscard]] T get(std::string_view name) const;
    /// As get(), but `fallback` if the name is absent or null.
    template <class T>
    [[nodiscard]] T get_or(std::string_view name, T fallback) const;

    void set(std::string_view name, Value value);
    void erase(std::string_view name);

    [[nodiscard]] const Entry* begin() const noexcept;
    [[nodiscard]] const Entry* end() const noexcept;
    /// See nesting(const Value&). Takes constant time.
    [[nodiscard]] std::size_t nesting() const noexcept;
    /// The same names with equal values, in any order.
    friend bool operator==(const Variables&, const Variables&);

private:
    struct Content;
    Content& own();   // for changing: a copy unless nobody else shares the content
    std::shared_ptr<const Content> content_;
};

/// A value: null, boolean, number, string, date, time, date and time, two kinds of duration, range, list, context or function.
///
/// Comparison with == is structural (`1.0` equals `1`; a context in any order); FEEL's own equality, which knows null and
/// time zones, belongs to expressions. Lists, contexts and ranges nest at most `max_nesting` deep: making a deeper one throws
/// Error{Code::bad_input}. Value type: copies are cheap, distinct objects may be used from several threads.
class Value {
public:
    enum class Kind : std::uint8_t {
        null, boolean, number, string, date, time, date_time, days_duration, months_duration, range, list, context, function
    };

    Value() noexcept = default;
    Value(std::nullptr_t) noexcept {}
    Value(std::same_as<bool> auto boolean) noexcept : data_{boolean} {}
    Value(Decimal number) noexcept : data_{number} {}
    template <Integer T>
    Value(T number) noexcept : data_{Decimal{number}} {}
    /// 0.1 is not a tenth: write "0.1"_dec.
    Value(std::floating_point auto) = delete;
    Value(std::string text) noexcept : data_{std::move(text)} {}
    Value(const char* text) : data_{std::string{text}} {}
    Value(std::string_view text) : data_{std::string{text}} {}
    Value(Date date) noexcept : data_{date} {}
    Value(Time time) : data_{std::make_shared<const Time>(std::move(time))} {}
    Value(DateTime at) : data_{std::make_shared<const DateTime>(std::move(at))} {}
    Value(DaysDuration duration) noexcept : data_{duration} {}
    Value(MonthsDuration duration) noexcept : data_{duration} {}
    Value(Range range);
    Value(List list) noexcept : data_{std::move(list)} {}
    Value(std::vector<Value> items) : data_{List(std::move(items))} {}
    Value(Variables context) noexcept : data_{std::move(context)} {}
    Value(std::shared_ptr<const Function> function) noexcept : data_{std::move(function)} {}
    /// Own types: a free function `Value to_value(const T&)` beside T makes them values.
    template <class T>
        requires requires(const T& own) { { to_value(own) } -> std::convertible_to<Value>; }
    Value(const T& own) : Value(to_value(own)) {}

    [[nodiscard]] Kind kind() const noexcept { return static_cast<Kind>(data_.index()); }
    [[nodiscard]] bool is_null() const noexcept { return kind() == Kind::null; }

    /// The content if it is of that kind, else null. Valid until this object is assigned to or destroyed.
    [[nodiscard]] const bool* if_boolean() const noexcept { return std::get_if<bool>(&data_); }
    [[nodiscard]] const Decimal* if_number() const noexcept { return std::get_if<Decimal>(&data_); }
    [[nodiscard]] const std::string* if_string() const noexcept { return std::get_if<std::string>(&data_); }
    [[nodiscard]] const Date* if_date() const noexcept { return std::get_if<Date>(&data_); }
    [[nodiscard]] const Time* if_time() const noexcept { return boxed<Time>(); }
    [[nodiscard]] const DateTime* if_date_time() const noexcept { return boxed<DateTime>(); }
    [[nodiscard]] const DaysDuration* if_days_duration() const noexcept { return std::get_if<DaysDuration>(&data_); }
    [[nodiscard]] const MonthsDuration* if_months_duration() const noexcept { return std::get_if<MonthsDuration>(&data_); }
    [[nodiscard]] const Range* if_range() const noexcept { return boxed<Range>(); }
    [[nodiscard]] const List* if_list() const noexcept { return std::get_if<List>(&data_); }
    [[nodiscard]] const Variables* if_context() const noexcept { return std::get_if<Variables>(&data_); }
    [[nodiscard]] const std::shared_ptr<const Function>* if_function() const noexcept {
        return std::get_if<std::shared_ptr<const Function>>(&data_);
    }

    /// The value as bool, an integer type (exactly), Decimal, std::string, Variables, List, a type of temporal.hpp,
    /// std::vector<T>, std::optional<T> (null is none), Value, or an own type with `void from_value(const Value&, T&)`.
    /// Throws Error{Code::bad_input} with the wanted and the found type.
    template <class T>
    [[nodiscard]] T as() const;

    friend bool operator==(const Value&, const Value&);

private:
    template <class T>
    [[nodiscard]] const T* boxed() const noexcept {
        const auto* box = std::get_if<std::shared_ptr<const T>>(&data_);
        return box ? box->get() : nullptr;
    }

    // The order is that of Kind.
    std::variant<std::monostate, bool, Decimal, std::string, Date, std::shared_ptr<const Time>, std::shared_ptr<const DateTime>,
                 DaysDuration, MonthsDuration, std::shared_ptr<const Range>, List, Variables, std::shared_ptr<const Function>>
        data_;
};

/// What may stand in the braces of a List: all that a Value is made from, but not a vector, which is the list's whole content.
struct List::Item {
    template <std::convertible_to<Value> T>
        requires(!std::same_as<std::remove_cvref_t<T>, std::vector<Value>>)
    Item(T&& item) : value(std::forward<T>(item)) {}
    Value value;
};

/// How deep a value may nest, so that walking, comparing and destroying one never exhausts the stack.
inline constexpr std::size_t max_nesting = 256;
/// 0 for a scalar, 1 for a list, context or range of scalars or of nothing, and so on.
std::size_t nesting(const Value&) noexcept;

/// FEEL's name of the kind: `number`, `date and time`, `days and time duration`, ...
std::string_view to_string(Value::Kind) noexcept;

struct Variables::Entry {
    std::string name{};
    Value value{};
    friend bool operator==(const Entry&, const Entry&) = default;
};

/// A FEEL range (DMN 1.5, 10.3.2.7). An end that is null and open is unbounded: `< 5` is `(null..5)`.
struct Range {
    Value low{};
    Value high{};
    bool low_closed = true;
    bool high_closed = true;
    friend bool operator==(const Range&, const Range&) = default;
};

namespace detail {
[[noreturn]] void wrong_type(std::string_view wanted, const Value& found);
[[noreturn]] void rethrow_with_name(std::string_view name);   // inside a handler: adds the variable's name to the message
std::int64_t as_int64(const Value&);
std::uint64_t as_uint64(const Value&);
[[noreturn]] void out_of_range(const Value&);

template <class T> struct IsVector : std::false_type {};
template <class T> struct IsVector<std::vector<T>> : std::true_type {};
template <class T> struct IsOptional : std::false_type {};
template <class T> struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
T required(const T* content, std::string_view wanted, const Value& found) {
    if (!content) wrong_type(wanted, found);
    return *content;
}
}  // namespace detail

template <class T>
T Value::as() const {
    if constexpr (std::same_as<T, Value>) return *this;
    else if constexpr (std::same_as<T, bool>) return detail::required(if_boolean(), "boolean", *this);
    else if constexpr (std::signed_integral<T>) {
        const auto wide = detail::as_int64(*this);
        if (!std::in_range<T>(wide)) detail::out_of_range(*this);
        return static_cast<T>(wide);
    } else if constexpr (std::unsigned_integral<T>) {
        const auto wide = detail::as_uint64(*this);
        if (!std::in_range<T>(wide)) detail::out_of_range(*this);
        return static_cast<T>(wide);
    }
    else if constexpr (std::same_as<T, Decimal>) return detail::required(if_number(), "number", *this);
    else if constexpr (std::same_as<T, std::string>) return detail::required(if_string(), "string", *this);
    else if constexpr (std::same_as<T, Date>) return detail::required(if_date(), "date", *this);
    else if constexpr (std::same_as<T, Time>) return detail::required(if_time(), "time", *this);
    else if constexpr (std::same_as<T, DateTime>) return detail::required(if_date_time(), "date and time", *this);
    else if constexpr (std::same_as<T, DaysDuration>)
        return detail::required(if_days_duration(), "days and time duration", *this);
    else if constexpr (std::same_as<T, MonthsDuration>)
        return detail::required(if_months_duration(), "years and months duration", *this);
    else if constexpr (std::same_as<T, Range>) return detail::required(if_range(), "range", *this);
    else if constexpr (std::same_as<T, List>) return detail::required(if_list(), "list", *this);
    else if constexpr (std::same_as<T, Variables>) return detail::required(if_context(), "context", *this);
    else if constexpr (detail::IsOptional<T>::value) {
        if (is_null()) return std::nullopt;
        return as<typename T::value_type>();
    } else if constexpr (detail::IsVector<T>::value) {
        T items;
        for (const Value& item : detail::required(if_list(), "list", *this)) items.push_back(item.as<typename T::value_type>());
        return items;
    } else {
        T own{};
        from_value(*this, own);
        return own;
    }
}

template <class T>
T Variables::get(std::string_view name) const {
    const Value& value = at(name);
    try {
        return value.as<T>();
    } catch (...) {
        detail::rethrow_with_name(name);
    }
}

template <class T>
T Variables::get_or(std::string_view name, T fallback) const {
    const Value* value = find(name);
    if (!value || value->is_null()) return fallback;
    return get<T>(name);
}

}  // namespace kontor

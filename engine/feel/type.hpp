#pragma once
/// FEEL's types and what they demand of a value (DMN 1.5, 10.3.2.9).
#include <kontor/value.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::feel {

struct Member;

/// A type. `any` is fulfilled by every value.
struct Type {
    enum class Kind {
        any, null, boolean, number, string, date, time, date_time, days_duration, months_duration, range, list, context, function
    };
    Kind kind = Kind::any;
    /// The element of a list or a range; a function's parameters and then its result. Empty: any.
    std::vector<Type> of;
    /// The entries that a context must have; more are allowed.
    std::vector<Member> members;

    friend bool operator==(const Type&, const Type&);
};
struct Member {
    std::string name;
    Type type;
    friend bool operator==(const Member&, const Member&) = default;
};
inline bool operator==(const Type&, const Type&) = default;

/// Types of item definitions by name.
using Types = std::map<std::string, Type, std::less<>>;

/// Reads `number`, `list<string>`, `context<a: number>`, `function<number>->string`, `range<date>` or a name of `types`.
std::optional<Type> parse_type(std::string_view text, const Types& types = {});
/// As FEEL writes it.
std::string to_string(const Type&);

/// Whether the value is an instance of the type. Null is one of `Null` only.
bool is_instance(const Value&, const Type&);
/// Whether every value of `type` is one of `wanted` (DMN 1.5, 10.3.2.9.1).
bool conforms(const Type& type, const Type& wanted);
/// The value as one of the type, by the conversions of DMN 1.5, 10.3.2.9.4: a list of one and its item stand for each other, a date is
/// a date and time at midnight UTC. Null fits every type. Nothing if the value cannot be one of the type.
std::optional<Value> coerce(const Value&, const Type&);

}  // namespace kontor::feel

#pragma once
/// Types of variables and form fields: FEEL's types and item definitions built from them (DMN 1.5, 7.3.3).
#include <kontor/value.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::model {

struct Type;
using TypeRef = std::shared_ptr<const Type>;

struct Type {
    enum class Kind { any, boolean, number, string, date, time, date_time, days_duration, months_duration, list, context };
    struct Field {
        std::string name;
        TypeRef type;
        bool required = false;
    };

    Kind kind = Kind::any;
    std::string name;                   ///< as declared: `number`, `list<Document>`, `Applicant`
    TypeRef element;                    ///< of a list
    std::vector<Field> fields;          ///< of a context; other names are allowed beside them
    std::vector<Value> allowed_values;  ///< empty: all
};

/// What does not fit, with its path: `application.amount: a number is wanted, not a string`. The value itself may be personal and
/// stays out. Nothing if the value fits; null fits every type. `path` is the name that the message starts with.
std::optional<std::string> mismatch(const Type& type, const Value& value, std::string_view path);

/// FEEL's built-in type of that name (`number`, `date and time`, `dateTime`, `any`, ...), or null.
TypeRef builtin_type(std::string_view name);

}  // namespace kontor::model

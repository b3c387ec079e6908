#pragma once
/// JSON objects in texts.
#include <Poco/JSON/Object.h>

#include <string>

namespace loan {

using Object = Poco::JSON::Object;

/// Throws std::invalid_argument if it is no JSON object.
Object::Ptr read_object(const std::string& text);
/// On one line, names in alphabetical order: equal objects are equal texts.
std::string write(const Object& object);
/// `text` as a JSON string, with its quotes.
std::string quoted(const std::string& text);
/// A member as a text or a number; `otherwise` if it is missing, null or something else.
std::string text_of(const Object& object, const std::string& name, const std::string& otherwise = {});
double number_of(const Object& object, const std::string& name, double otherwise = 0);

}  // namespace loan

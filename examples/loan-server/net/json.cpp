#include "net/json.hpp"

#include <Poco/JSON/Parser.h>
#include <Poco/JSON/Stringifier.h>

#include <sstream>
#include <stdexcept>

namespace loan {

Object::Ptr read_object(const std::string& text) {
    try {
        if (const auto object = Poco::JSON::Parser{}.parse(text).extract<Object::Ptr>()) return object;
    } catch (const Poco::Exception& error) {
        throw std::invalid_argument{"not a JSON object: " + error.displayText()};
    }
    throw std::invalid_argument{"not a JSON object"};
}

std::string write(const Object& object) {
    std::ostringstream out;
    object.stringify(out);
    return out.str();
}

std::string quoted(const std::string& text) {
    std::ostringstream out;
    Poco::JSON::Stringifier::formatString(text, out);
    return out.str();
}

std::string text_of(const Object& object, const std::string& name, const std::string& otherwise) {
    const auto value = object.get(name);
    return value.isString() || value.isNumeric() ? value.convert<std::string>() : otherwise;
}

double number_of(const Object& object, const std::string& name, double otherwise) {
    const auto value = object.get(name);
    return value.isNumeric() && !value.isBoolean() ? value.convert<double>() : otherwise;
}

}  // namespace loan

#include "cli/options.hpp"

#include "value/actor_text.hpp"
#include "value/temporal_text.hpp"

#include <charconv>

namespace kontor::cli {

Actor read_actor(const Arguments& arguments) {
    try {
        return parse_actor(*arguments.value("by"), "--by");
    } catch (const Error& error) {
        throw UsageError{error.what()};
    }
}

int read_number(const Arguments& arguments, std::string_view option, int otherwise, int most) {
    const std::string* text = arguments.value(option);
    if (!text) return otherwise;
    int number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size() || number < 1 || number > most)
        throw UsageError{"--" + std::string{option} + " wants a number from 1 to " + std::to_string(most), "it is \"" + *text + "\""};
    return number;
}

Duration read_duration(const Arguments& arguments, std::string_view option, Duration otherwise) {
    const std::string* text = arguments.value(option);
    if (!text) return otherwise;
    const auto read = parse_days_duration(*text);
    if (!read || text->starts_with('-'))
        throw UsageError{"--" + std::string{option} + " wants a duration, not \"" + *text + "\"", "for example PT20S or P3D"};
    return std::chrono::seconds{read->seconds} + std::chrono::milliseconds{read->nanoseconds / 1'000'000};
}

}  // namespace kontor::cli

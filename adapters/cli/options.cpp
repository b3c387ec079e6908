#include "cli/options.hpp"

#include "value/actor_text.hpp"
#include "value/temporal_text.hpp"

#include <charconv>

namespace kontor::cli {

Actor read_actor(const Arguments& arguments) {
    const std::string& text = required(arguments, "by", "--by alice, or --by alice:commercial,risk with groups");
    try {
        return parse_actor(text, "--by");
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

const std::string& required(const Arguments& arguments, std::string_view option, std::string_view example) {
    const std::string* value = arguments.value(option);
    if (!value) throw UsageError{"--" + std::string{option} + " is missing", "for example " + std::string{example}};
    return *value;
}

}  // namespace kontor::cli

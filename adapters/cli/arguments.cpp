#include "cli/arguments.hpp"

#include "cli/command.hpp"
#include "value/wording.hpp"

#include <algorithm>

namespace kontor::cli {
namespace {

const Option* find(const Command& command, std::string_view name) {
    const auto it = std::find_if(command.options.begin(), command.options.end(), [&](const Option& o) { return o.name == name; });
    return it == command.options.end() ? nullptr : &*it;
}

/// Options have two dashes. A text with one is an operand, such as the expression `-1`, unless it looks like `-x`.
bool is_option(std::string_view word) {
    if (word.starts_with("--")) return true;
    return word.size() == 2 && word[0] == '-' && ((word[1] >= 'a' && word[1] <= 'z') || (word[1] >= 'A' && word[1] <= 'Z'));
}

[[noreturn]] void unknown_option(const Command& command, const std::string& word) {
    std::vector<std::string> names;
    for (const Option& option : command.options) names.push_back("--" + std::string{option.name});
    const std::vector<std::string_view> known{names.begin(), names.end()};
    const std::string meant = did_you_mean(word, known);
    throw UsageError{"`kontor " + std::string{command.name} + "` has no option " + word,
                     meant.empty() ? "`kontor " + std::string{command.name} + " --help` lists the options" : meant};
}

class Reader {
public:
    Reader(const Command& command, std::span<const std::string> words) : command_{command}, words_{words} {}

    Arguments read() {
        while (next_ < words_.size()) {
            const std::string& word = words_[next_++];
            if (word == "--") {
                result_.operands.insert(result_.operands.end(), words_.begin() + static_cast<std::ptrdiff_t>(next_), words_.end());
                break;
            }
            if (is_option(word)) take_option(word);
            else result_.operands.push_back(word);
        }
        check_operands();
        check_required();
        return std::move(result_);
    }

private:
    void take_option(const std::string& word) {
        const auto equals = word.find('=');
        const std::string name = word.substr(0, equals);
        const Option* option = name.starts_with("--") ? find(command_, std::string_view{name}.substr(2)) : nullptr;
        if (!option) unknown_option(command_, name);
        auto& values = result_.options[std::string{option->name}];
        if (!values.empty() && !option->repeatable) throw UsageError{name + " stands twice"};
        if (option->value.empty()) {
            if (equals != std::string::npos) throw UsageError{name + " takes no value"};
            values.emplace_back();
        } else {
            values.push_back(equals != std::string::npos ? word.substr(equals + 1) : following(*option));
        }
    }

    std::string following(const Option& option) {
        const std::string name = "--" + std::string{option.name};
        const UsageError missing{name + " needs a value: " + name + " " + std::string{option.value}};
        if (next_ == words_.size()) throw missing;
        const std::string& value = words_[next_];
        if (value.starts_with("--") && find(command_, std::string_view{value}.substr(2))) throw missing;
        ++next_;
        return value;
    }

    void check_operands() const {
        const std::string usage = "kontor " + std::string{command_.name} + " " + std::string{command_.operands};
        if (result_.operands.size() < command_.fewest) throw UsageError{std::string{command_.operands} + " is missing", "usage: " + usage};
        if (result_.operands.size() > command_.most)
            throw UsageError{"there is one argument too many: " + result_.operands[command_.most],
                             command_.most == 0 ? "usage: " + usage : "usage: " + usage + "; a text with spaces wants quotes"};
    }

    void check_required() const {
        for (const Option& option : command_.options)
            if (!option.example.empty() && !result_.has(option.name))
                throw UsageError{"--" + std::string{option.name} + " is missing", "for example " + std::string{option.example}};
    }

    const Command& command_;
    std::span<const std::string> words_;
    std::size_t next_ = 0;
    Arguments result_;
};

}  // namespace

bool asks_for_help(std::span<const std::string> words) {
    const auto end = std::find(words.begin(), words.end(), "--");
    return std::find_if(words.begin(), end, [](const std::string& w) { return w == "--help" || w == "-h"; }) != end;
}

Arguments read_arguments(const Command& command, std::span<const std::string> words) { return Reader{command, words}.read(); }

}  // namespace kontor::cli

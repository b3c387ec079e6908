#include "feel/syntax/parser_impl.hpp"

#include <array>

namespace kontor::feel {
namespace {

struct NamedKind {
    std::string_view name;
    Type::Kind kind;
};
// Longer names first, where one begins with another.
constexpr NamedKind kinds[] = {
    {"date and time", Type::Kind::date_time},
    {"dateTime", Type::Kind::date_time},
    {"days and time duration", Type::Kind::days_duration},
    {"day and time duration", Type::Kind::days_duration},
    {"dayTimeDuration", Type::Kind::days_duration},
    {"years and months duration", Type::Kind::months_duration},
    {"year and month duration", Type::Kind::months_duration},
    {"yearMonthDuration", Type::Kind::months_duration},
    {"number", Type::Kind::number},
    {"string", Type::Kind::string},
    {"boolean", Type::Kind::boolean},
    {"date", Type::Kind::date},
    {"time", Type::Kind::time},
    {"Any", Type::Kind::any},
    {"any", Type::Kind::any},
    {"Null", Type::Kind::null},
    {"list", Type::Kind::list},
    {"range", Type::Kind::range},
    {"context", Type::Kind::context},
    {"function", Type::Kind::function},
};

/// How many bytes the words take, with any spaces between them.
std::size_t words_at(std::string_view words, std::string_view text) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] != ' ') {
            if (at >= text.size() || text[at] != words[i]) return 0;
            ++at;
            continue;
        }
        const auto before = at;
        while (at < text.size() && is_space(static_cast<unsigned char>(text[at]))) ++at;
        if (at == before) return 0;
    }
    const auto next = code_point(text, at);
    return next.length && is_name_part(next.value) ? 0 : at;
}

}  // namespace

Type Parser::type() {
    const Level level{depth_, cursor_};
    cursor_.skip();
    std::size_t own = 0;   // a type of the vocabulary may have a longer name that begins like one of FEEL's
    if (types_)
        for (const auto& [name, definition] : *types_) own = std::max(own, words_at(name, cursor_.rest()));
    for (const auto& [name, kind] : kinds) {
        const auto length = words_at(name, cursor_.rest());
        if (length == 0 || length < own) continue;
        cursor_.advance(length);
        return type_arguments(kind);
    }
    return named_type();
}

Type Parser::named_type() {
    const Type* best = nullptr;
    std::size_t longest = 0;
    if (types_)
        for (const auto& [name, definition] : *types_)
            if (const auto length = words_at(name, cursor_.rest()); length > longest) {
                longest = length;
                best = &definition;
            }
    if (!best) unexpected("the name of a type");
    cursor_.advance(longest);
    return *best;
}

Type Parser::type_arguments(Type::Kind kind) {
    Type result{kind, {}, {}};
    const bool generic = kind == Type::Kind::list || kind == Type::Kind::range || kind == Type::Kind::context || kind == Type::Kind::function;
    if (!generic || !cursor_.sees("<")) return result;
    cursor_.accept("<");
    if (kind == Type::Kind::context) result.members = type_members();
    else if (!cursor_.sees(">")) do result.of.push_back(type());
        while (cursor_.accept(","));
    expect(">", "the type");
    if (kind != Type::Kind::function) return result;
    expect("->", "the types of the function's parameters");
    result.of.push_back(type());
    return result;
}

std::vector<Member> Parser::type_members() {
    std::vector<Member> members;
    do {
        auto name = parameter_name();
        if (!name) unexpected("`name: type`");
        members.push_back({std::move(*name), type()});
    } while (cursor_.accept(","));
    return members;
}

}  // namespace kontor::feel

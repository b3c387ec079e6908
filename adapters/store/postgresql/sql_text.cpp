#include "store/postgresql/sql_text.hpp"

#include <algorithm>
#include <vector>

namespace kontor::store::postgresql {

namespace {

bool in_name(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

std::string with_digests(std::string_view sql) {
    std::string text;
    for (auto begin = sql.find('{'); begin != sql.npos; begin = sql.find('{')) {
        const auto end = sql.find('}', begin);
        const std::string_view pair = sql.substr(begin + 1, end - begin - 1);
        const auto equals = pair.find(" = ");
        const std::string left{pair.substr(0, equals)};
        const std::string right{pair.substr(equals + 3)};
        text += sql.substr(0, begin);
        text += "kontor_digest(" + left + ") = kontor_digest(" + right + ") and " + left + " = " + right;
        sql.remove_prefix(end + 1);
    }
    return text += sql;
}

}  // namespace

std::string in_postgresql(std::string_view sql) {
    const std::string marked = with_digests(sql);
    std::vector<std::string_view> names;
    std::string text;
    for (std::size_t at = 0; at < marked.size();) {
        if (marked[at] != ':' || at + 1 == marked.size() || !in_name(marked[at + 1])) {
            text += marked[at++];
            continue;
        }
        std::size_t end = at + 1;
        while (end < marked.size() && in_name(marked[end])) ++end;
        const std::string_view name = std::string_view{marked}.substr(at, end - at);
        auto known = std::ranges::find(names, name);
        if (known == names.end()) known = names.insert(names.end(), name);
        text += '$' + std::to_string(known - names.begin() + 1);
        at = end;
    }
    return text;
}

}  // namespace kontor::store::postgresql

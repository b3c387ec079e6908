#include "store/postgresql/address.hpp"

#include "store/shared/validity.hpp"

#include <kontor/error.hpp>

#include <libpq-fe.h>

#include <algorithm>
#include <memory>

namespace kontor::store::postgresql {

namespace {

std::string quoted(std::string_view value) {
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text + "'";
}

}  // namespace

Address::Address(std::string_view connection) {
    require_text("the address of the PostgreSQL database", connection);
    const std::string text{connection};
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{PQconninfoParse(text.c_str(), nullptr), &PQconninfoFree};
    if (!options) {
        throw Error{Code::bad_input, "the address of the PostgreSQL database cannot be read; it is postgresql://user@host:port/db or "
                                     "\"host=... dbname=... user=...\", with %XX in the one and quotes in the other for special characters"};
    }
    for (const auto* option = options.get(); option->keyword; ++option)
        if (option->val) words_[option->keyword] = option->val;
    const auto part = [&](const char* word, std::string_view before, std::string_view after) {
        const auto found = words_.find(word);
        return found == words_.end() ? std::string{} : std::string{before} + found->second + std::string{after};
    };
    name_ = "postgresql://" + part("user", "", "@") + part("host", "", "") + part("port", ":", "") + part("dbname", "/", "");
}

std::string Address::connection(std::chrono::milliseconds timeout) const {
    auto words = words_;
    words["client_encoding"] = "UTF8";
    // libpq takes whole seconds, and at least two.
    words.try_emplace("connect_timeout", std::to_string(std::max<std::int64_t>(2, std::chrono::ceil<std::chrono::seconds>(timeout).count())));
    // A server that vanished without a word is noticed within half a minute.
    words.try_emplace("keepalives_idle", "10");
    words.try_emplace("keepalives_interval", "5");
    words.try_emplace("keepalives_count", "3");
    words.try_emplace("tcp_user_timeout", "30000");
    std::string text;
    for (const auto& [word, value] : words) text += (text.empty() ? "" : " ") + word + "=" + quoted(value);
    return text;
}

Address Address::for_session(std::string_view id) const {
    constexpr std::size_t room = 40;   // the server cuts names at 63 bytes
    Address other = *this;
    const auto given = words_.find("application_name");
    other.words_["application_name"] = (given == words_.end() ? "kontor" : given->second.substr(0, room)) + " " + std::string{id};
    return other;
}

Address Address::in_schema(std::string_view schema) const {
    Address other;
    other.words_ = words_;
    other.name_ = name_ + " (schema " + std::string{schema} + ")";
    other.words_["options"] += " -c search_path=" + std::string{schema};
    return other;
}

}  // namespace kontor::store::postgresql

#include "store/postgresql/address.hpp"

#include "store/shared/validity.hpp"

#include <kontor/error.hpp>

#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <vector>

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

std::vector<std::string> parts_of(const std::string& list) {
    std::vector<std::string> parts;
    std::istringstream in{list};
    for (std::string part; std::getline(in, part, ',');) parts.push_back(part);
    return parts;
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
    // Of several servers only the primary is one to write to, and one that shows everything that was written.
    if (has_several_hosts()) words_.try_emplace("target_session_attrs", "read-write");
    const std::string user = word("user"), database = word("dbname");
    name_ = "postgresql://" + (user.empty() ? "" : user + "@") + hosts() + (database.empty() ? "" : "/" + database);
}

std::string Address::word(const std::string& name) const {
    const auto found = words_.find(name);
    return found == words_.end() ? std::string{} : found->second;
}

bool Address::has_several_hosts() const { return parts_of(word("host")).size() > 1 || parts_of(word("hostaddr")).size() > 1; }

/// As in a URL: `one:5432,two:5433`. One port may be that of all.
std::string Address::hosts() const {
    const auto hosts = parts_of(word("host").empty() ? word("hostaddr") : word("host"));
    const auto ports = parts_of(word("port"));
    if (hosts.empty()) return ports.empty() ? "" : ":" + ports[0];
    std::string text;
    for (std::size_t n = 0; n < hosts.size(); ++n) {
        text += (n == 0 ? "" : ",") + hosts[n];
        const std::string port = ports.size() == hosts.size() ? ports[n] : ports.size() == 1 ? ports[0] : "";
        if (!port.empty()) text += ":" + port;
    }
    return text;
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
    const std::string given = word("application_name");
    other.words_["application_name"] = (given.empty() ? "kontor" : given.substr(0, room)) + " " + std::string{id};
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

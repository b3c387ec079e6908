#include "store/postgresql/handle.hpp"

#include <algorithm>
#include <new>

namespace kontor::store::postgresql {

Handle connect(const std::string& connection) {
    Handle handle{PQconnectdb(connection.c_str()), &PQfinish};
    if (!handle) throw std::bad_alloc{};
    if (PQstatus(handle.get()) != CONNECTION_OK) throw NoConnection{in_one_line(PQerrorMessage(handle.get()))};
    return handle;
}

std::string in_one_line(std::string text) {
    std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\t'; }, ' ');
    text.erase(std::ranges::unique(text, [](char a, char b) { return a == ' ' && b == ' '; }).begin(), text.end());
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

}  // namespace kontor::store::postgresql

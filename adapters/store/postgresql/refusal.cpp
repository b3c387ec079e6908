#include "store/postgresql/refusal.hpp"

#include "store/postgresql/handle.hpp"

#include <poll.h>

#include <algorithm>
#include <sstream>

namespace kontor::store::postgresql {

namespace {

/// Of the last line that ends in two blanks and a state: `... failed: FATAL:  53300`.
std::string state_in(const std::string& message) {
    std::string state;
    std::istringstream lines{message};
    for (std::string line; std::getline(lines, line);) {
        const auto at = line.rfind("  ");
        if (at == line.npos || line.size() != at + 7) continue;
        const std::string end = line.substr(at + 2);
        if (std::ranges::all_of(end, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); })) state = end;
    }
    return state;
}

}  // namespace

std::string state_of_refusal(const std::string& connection, std::chrono::milliseconds patience) {
    const Handle handle{PQconnectStart(connection.c_str()), &PQfinish};
    if (!handle) return {};
    PQsetErrorVerbosity(handle.get(), PQERRORS_SQLSTATE);
    const auto end = std::chrono::steady_clock::now() + patience;
    for (auto status = PGRES_POLLING_WRITING; status != PGRES_POLLING_OK; status = PQconnectPoll(handle.get())) {
        if (status == PGRES_POLLING_FAILED) return state_in(PQerrorMessage(handle.get()));
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        pollfd watched{PQsocket(handle.get()), static_cast<short>(status == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
        if (left.count() <= 0 || ::poll(&watched, 1, static_cast<int>(left.count())) == 0) return {};
    }
    return {};
}

}  // namespace kontor::store::postgresql

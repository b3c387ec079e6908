#include "store/open.hpp"

#include "store/memory/memory_store.hpp"
#include "store/postgresql/address.hpp"
#include "store/postgresql/open_postgresql.hpp"
#include "store/sqlite/open_sqlite.hpp"

#include <kontor/error.hpp>

#include <bit>
#include <string>

namespace kontor::store {

namespace {

[[noreturn]] void refuse(std::string_view url, std::string_view scheme) {
    if (scheme.empty()) {
        throw Error{Code::bad_input, "\"" + std::string{url} + "\" is no store; a store is a URL such as sqlite:" +
                                         (url.empty() ? std::string{"loans.db"} : std::string{url}) + ", postgresql://user@host/db or memory:"};
    }
    throw Error{Code::bad_input, "store " + std::string{scheme} + ": is not supported; write sqlite:FILE, postgresql://user@host/db or memory:"};
}

void check(const Options& options) {
    if (!std::has_single_bit(options.buckets) || options.buckets > 256) {
        throw Error{Code::bad_input, "a store has 1, 2, 4, ... or 256 buckets, not " + std::to_string(options.buckets)};
    }
}

bool is_postgresql(std::string_view url) { return url.starts_with("postgresql:") || url.starts_with("postgres:"); }

}  // namespace

std::string shown(std::string_view url) { return is_postgresql(url) ? postgresql::Address{url}.name() : std::string{url}; }

std::unique_ptr<ports::Store> open_store(std::string_view url, const Options& options) {
    check(options);
    const auto colon = url.find(':');
    const std::string_view scheme = colon == std::string_view::npos ? std::string_view{} : url.substr(0, colon);
    const std::string_view rest = scheme.empty() ? url : url.substr(colon + 1);
    if (scheme == "memory") return std::make_unique<MemoryStore>(options);
    if (is_postgresql(url)) return open_postgresql(url, options);
    if (scheme != "sqlite") refuse(url, scheme);
    if (rest.empty() || rest == ":memory:") {
        throw Error{Code::bad_input, "sqlite: wants a file, as in sqlite:loans.db; a store that is gone with the process is memory:"};
    }
    return open_sqlite(rest, options);
}

}  // namespace kontor::store

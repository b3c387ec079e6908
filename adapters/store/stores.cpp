// The stores of the public API.
#include "store/open.hpp"
#include "store/postgresql/open_postgresql.hpp"

#include <kontor/options.hpp>

namespace kontor {

Store store_at(std::string url) {
    return {[url = std::move(url)] { return store::open_store(url); }};
}
Store memory() { return store_at("memory:"); }
Store sqlite(std::string path) { return store_at("sqlite:" + path); }

Store postgresql(std::string connection) {
    return {[connection = std::move(connection)] { return store::open_postgresql(connection, {}); }};
}

}  // namespace kontor

// The stores of the public API.
#include "store/open.hpp"

#include <kontor/options.hpp>

namespace kontor {

Store store_at(std::string url) {
    return {[url = std::move(url)] { return store::open_store(url); }};
}
Store memory() { return store_at("memory:"); }
Store sqlite(std::string path) { return store_at("sqlite:" + path); }

}  // namespace kontor

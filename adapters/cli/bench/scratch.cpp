#include "cli/bench/scratch.hpp"

#include "cli/failure.hpp"
#include "store/postgresql/server_use.hpp"

#include <filesystem>

namespace kontor::cli::bench {

namespace fs = std::filesystem;

Scratch::Scratch(const std::string& url) : url_{url} {
    if (url.starts_with("postgresql:")) {
        schema_.emplace(url);
        place_ = postgresql(schema_->connection());
        return;
    }
    place_ = store_at(url);
    if (!url.starts_with("sqlite:")) return;
    const std::string file = url.substr(std::string_view{"sqlite:"}.size());
    if (fs::exists(file)) throw UsageError{url + " exists", "a measurement wants a store of its own: name a file that is not there"};
    file_ = file;
}

Scratch::~Scratch() {
    if (file_.empty()) return;
    std::error_code error;
    for (const char* end : {"", "-wal", "-shm", "-owner"}) fs::remove(file_ + end, error);
}

kontor::bench::DatabaseMeter Scratch::meter() const {
    if (!file_.empty()) return kontor::bench::use_of_this_process;
    if (!schema_) return {};
    return [meter = std::make_shared<store::ServerMeter>(url_)] {
        const auto use = meter->read();
        return kontor::bench::DatabaseUse{use.cpu_seconds, use.log_bytes};
    };
}

}  // namespace kontor::cli::bench

#pragma once
/// The options, checked once.
#include "http/response.hpp"
#include "http/url.hpp"

#include <kontor/http.hpp>

#include <string>
#include <utility>
#include <vector>

namespace kontor::http_client {

struct Settings {
    Url url{};
    Duration timeout{};
    std::string path{};
    std::string query_path{};
    Duration query_within{};
    std::vector<std::pair<std::string, std::string>> headers{};   ///< authorization among them
    Reading reading{};
    std::size_t max_answer = 0;
    std::size_t connections = 0;
    Duration idle_timeout{};
};

/// Throws Error{bad_input} for options that cannot work. Certificate files are read by whoever makes streams.
Settings checked(const HttpOptions& options);

}  // namespace kontor::http_client

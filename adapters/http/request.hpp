#pragma once
/// The bytes of a request.
#include <kontor/service.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace kontor::http_client {

struct Settings;
using Secrets = std::function<std::string(std::string_view name)>;

/// Throws what `secrets` throws, and Error{bad_input} if something would break the header that it stands in.
std::string call_request(const Settings& settings, const ServiceCall& call, Instant deadline, const Secrets& secrets);
std::string query_request(const Settings& settings, const ServiceCall& call, Instant deadline, const Secrets& secrets);

/// `/pay/{service}` for a call; only what is_path_template() has let through.
std::string expanded_path(std::string_view path_template, const ServiceCall& call);
bool is_path_template(std::string_view path);
/// No control characters: nothing can end the header.
bool is_header_value(std::string_view text);

}  // namespace kontor::http_client

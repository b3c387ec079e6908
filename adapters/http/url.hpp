#pragma once
/// The address of a service.
#include <string>
#include <string_view>

namespace kontor::http_client {

struct Url {
    bool tls = false;
    std::string host{};     ///< a name or an IP address, without brackets
    std::string port{};     ///< in digits, always there
    std::string prefix{};   ///< of the path, without a `/` at its end; often empty

    [[nodiscard]] std::string host_header() const;
    /// `https://credit.bank`, for messages.
    [[nodiscard]] std::string origin() const;
};

/// Throws Error{bad_input} unless it is an absolute http or https URL without user, query and fragment.
Url parse_url(std::string_view text);

/// As one segment of a path: all but letters, digits and `-._~` as %XX (RFC 3986, 2.1).
std::string percent_encoded(std::string_view text);

}  // namespace kontor::http_client

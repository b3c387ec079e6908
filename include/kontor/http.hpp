#pragma once
/// Calls services over HTTP/1.1: POST with a JSON object, answered by a JSON object.
/// What a service has to keep to: docs/how-to/call-a-service-over-http.md. What each status means: docs/reference/http.md.
#include <kontor/service.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kontor {

/// What an answer's status says about the call.
enum class HttpMeaning {
    completed,        ///< done; the body is the result
    business_error,   ///< refused for a reason that the process may catch, if the body has a `code`; else what the status means by itself
    failed,           ///< surely without effect: tried again, after `Retry-After` if the answer has one
    permanent,        ///< surely without effect, and trying again cannot help
    unknown,          ///< it may have had an effect
};

/// Texts that may hold secrets (`authorization`, the values of `headers`) name them: `secret:NAME`, or `Bearer secret:NAME`.
/// They are asked for at every call, so a new secret needs no restart.
struct HttpOptions {
    std::string base_url{};                  ///< `https://credit.bank` or `http://host:8080/prefix`
    Duration timeout = std::chrono::seconds{30};   ///< of a whole call, from waiting for a connection to the last byte; over 0
    std::string authorization{};             ///< the Authorization header
    std::vector<std::pair<std::string, std::string>> headers{};   ///< further ones for every request

    /// Behind base_url. `{service}` is `credit.check`, `{segments}` is `credit/check`, `{operation}` is `check`, `{key}` is the
    /// idempotency key.
    std::string path = "/{service}";
    std::string query_path = "/{service}/{key}";   ///< for GET after an unknown outcome; empty: the service cannot be asked
    /// A query that gets no answer is repeated, with pauses that grow from 0.25 s to 30 s, for this long. 0: asked once.
    Duration query_within = std::chrono::minutes{5};
    /// 202 means that Engine::complete brings the answer within this time. Unset: 202 is an answer like 200.
    std::optional<Duration> accepted_within{};
    std::map<int, HttpMeaning> statuses{};   ///< where the service differs from docs/reference/http.md
    std::size_t max_answer = 1u << 20;       ///< bytes of an answer's body

    std::string ca_file{};                   ///< PEM; empty: what the system trusts
    std::string certificate_file{};          ///< PEM, the client's certificate and those between it and its authority
    std::string private_key_file{};          ///< PEM

    std::size_t connections = 100;           ///< at once; further calls wait for one. At least 1
    Duration idle_timeout = std::chrono::seconds{4};   ///< below what servers use (5 s and more); 0: each call has its own connection
};

/// An adapter for one host, with one thread and no thread per call. Throws Error{Code::bad_input} for options that cannot work,
/// unreadable certificate files among them. Any thread. For one engine.
std::shared_ptr<Adapter> http(HttpOptions options);

}  // namespace kontor

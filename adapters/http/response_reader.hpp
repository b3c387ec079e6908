#pragma once
/// Bytes from a connection to an Response, within limits.
#include "http/response.hpp"

#include <memory>
#include <span>
#include <string>

namespace kontor::http_client {

/// Reads the one answer of a request. 1xx answers in front of it are skipped. Not thread-safe.
class ResponseReader {
public:
    enum class Progress { more, done, broken };

    explicit ResponseReader(std::size_t max_body);
    ~ResponseReader();
    ResponseReader(ResponseReader&&) noexcept;
    ResponseReader& operator=(ResponseReader&&) noexcept;

    /// Where the next bytes belong; then tell how many have come.
    std::span<char> room();
    Progress received(std::size_t count);
    /// The connection has ended properly: `done` if that is how the answer says where it ends.
    Progress ended();

    [[nodiscard]] bool has_begun() const noexcept;   ///< any byte has come
    [[nodiscard]] const std::string& why_broken() const noexcept;
    /// After `done`.
    [[nodiscard]] Response take();
    /// After `done`: the server keeps the connection, and nothing came behind the answer.
    [[nodiscard]] bool keeps_connection() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kontor::http_client

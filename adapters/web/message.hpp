#pragma once
/// What a client asks, and what it is answered.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kontor::web {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string method{};                                    ///< `GET`, `POST`, ...
    std::string path{};                                      ///< without the query, `%xx` decoded
    std::map<std::string, std::string, std::less<>> query{}; ///< decoded; of a name that stands twice the last one
    Headers headers{};                                       ///< names in small letters
    std::string body{};

    /// Null if there is none. The name in small letters.
    [[nodiscard]] const std::string* header(std::string_view name) const;
};

struct Response {
    int status = 200;
    Headers headers{};
    std::string body{};
};

/// A response that goes on until somebody ends it. Any thread.
class Stream {
public:
    virtual ~Stream() = default;
    /// False if nobody listens any more, or so slowly that more than a megabyte waits: then the connection is closed.
    virtual bool write(std::string text) = 0;
    virtual void close() = 0;
};

/// Takes the answer to one request. Copyable, any thread, never blocks; the first answer wins. Dropping the last copy answers 500.
class Reply {
public:
    struct Target;
    explicit Reply(std::shared_ptr<Target> target) : target_{std::move(target)} {}

    void send(Response) const;
    /// Status and headers now, the body bit by bit. Null if it was answered already.
    [[nodiscard]] std::shared_ptr<Stream> stream(Response head) const;

private:
    std::shared_ptr<Target> target_;
};

/// Must neither block nor throw.
using Handler = std::function<void(Request, Reply)>;

/// `Not Found`, ...
std::string_view reason_of(int status) noexcept;

}  // namespace kontor::web

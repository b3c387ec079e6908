#pragma once
/// What a service has done, by idempotency key: the same key gets the same answer, and nothing happens twice.
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace loan {

struct Entry {
    std::string operation{};          ///< `credit.check`
    std::string subject{};            ///< whom it is about
    std::string request{};            ///< a digest, to tell a repetition from another request under the same key
    int status = 200;
    std::string answer{};             ///< JSON
};

/// Any thread.
class Book {
public:
    /// Lines of JSON in `file`, which lasts longer than this program; an empty path: nothing lasts. Throws std::runtime_error if the file
    /// cannot be read or written.
    explicit Book(const std::filesystem::path& file = {});
    ~Book();
    Book(const Book&) = delete;
    Book& operator=(const Book&) = delete;

    /// The entry under this key; made by `work` if there is none. Whoever comes while it is being made waits for it.
    Entry once(const std::string& key, const std::function<Entry()>& work);

    enum class State { never, working, done };
    struct Known {
        State state = State::never;
        Entry entry{};
    };
    [[nodiscard]] Known look(const std::string& key) const;

    [[nodiscard]] std::size_t keys() const;
    /// Different pairs of operation and subject. As many as keys, unless something was done twice for somebody.
    [[nodiscard]] std::size_t steps() const;

private:
    void read(const std::filesystem::path& file);
    void append(const std::string& key, const Entry& entry);
    void keep(const std::string& key, Entry entry);

    mutable std::mutex mutex_;
    std::condition_variable finished_;
    std::map<std::string, std::optional<Entry>> entries_;   // nothing: somebody works on it
    std::set<std::string> steps_;
    std::size_t done_ = 0;
    int file_ = -1;
};

}  // namespace loan

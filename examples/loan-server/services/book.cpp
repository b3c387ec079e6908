#include "services/book.hpp"

#include "net/json.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace loan {
namespace {

[[noreturn]] void give_up(const std::filesystem::path& file, const std::string& why) {
    throw std::runtime_error{"the book " + file.string() + ": " + why};
}

std::string line_of(const std::string& key, const Entry& entry) {
    Object line;
    line.set("key", key);
    line.set("operation", entry.operation);
    line.set("subject", entry.subject);
    line.set("request", entry.request);
    line.set("status", entry.status);
    line.set("answer", entry.answer);
    return write(line) + '\n';
}

}  // namespace

Book::Book(const std::filesystem::path& file) {
    if (file.empty()) return;
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
    read(file);
    file_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file_ < 0) give_up(file, std::strerror(errno));
}

Book::~Book() {
    if (file_ >= 0) ::close(file_);
}

void Book::read(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in) return;   // a new book
    std::uintmax_t whole = 0;
    int number = 0;
    for (std::string line; std::getline(in, line) && !in.eof(); whole += line.size() + 1) {
        ++number;
        try {
            const auto object = read_object(line);
            keep(text_of(*object, "key"), {text_of(*object, "operation"), text_of(*object, "subject"), text_of(*object, "request"),
                                           static_cast<int>(number_of(*object, "status", 200)), text_of(*object, "answer")});
        } catch (const std::invalid_argument& error) {
            give_up(file, "line " + std::to_string(number) + " cannot be read: " + error.what() + "; move the file away to begin a new one");
        }
    }
    in.close();
    // A line without an end was being written when the program died: nobody had been told of it.
    if (std::filesystem::file_size(file) != whole) std::filesystem::resize_file(file, whole);
}

Entry Book::once(const std::string& key, const std::function<Entry()>& work) {
    {
        std::unique_lock lock{mutex_};
        for (auto it = entries_.find(key); it != entries_.end(); it = entries_.find(key)) {
            if (it->second) return *it->second;
            finished_.wait(lock);
        }
        entries_.emplace(key, std::nullopt);
    }
    try {
        Entry entry = work();
        const std::scoped_lock lock{mutex_};
        append(key, entry);
        keep(key, entry);
        finished_.notify_all();
        return entry;
    } catch (...) {
        const std::scoped_lock lock{mutex_};
        entries_.erase(key);
        finished_.notify_all();
        throw;
    }
}

void Book::append(const std::string& key, const Entry& entry) {
    if (file_ < 0) return;
    const std::string line = line_of(key, entry);
    // One write: if this program is killed, the line is there or it is not.
    if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
        throw std::system_error{errno, std::generic_category(), "the book cannot be written"};
}

void Book::keep(const std::string& key, Entry entry) {
    steps_.insert(entry.operation + ' ' + entry.subject);
    entries_.insert_or_assign(key, std::move(entry));
    ++done_;
}

Book::Known Book::look(const std::string& key) const {
    const std::scoped_lock lock{mutex_};
    const auto it = entries_.find(key);
    if (it == entries_.end()) return {};
    return it->second ? Known{State::done, *it->second} : Known{State::working, {}};
}

std::size_t Book::keys() const {
    const std::scoped_lock lock{mutex_};
    return done_;
}

std::size_t Book::steps() const {
    const std::scoped_lock lock{mutex_};
    return steps_.size();
}

}  // namespace loan

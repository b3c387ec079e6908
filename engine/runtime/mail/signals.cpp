#include "runtime/mail/signals.hpp"

#include <boost/asio/post.hpp>

#include <charconv>

namespace kontor::runtime {
namespace {

constexpr Duration soon = std::chrono::milliseconds{50};
constexpr std::size_t longest_text = 4'000;   // PostgreSQL takes 8,000 bytes

std::string text_of(const Signal& signal) {
    std::string text{static_cast<char>(signal.about)};
    switch (signal.about) {
        case Signal::About::inbox:
        case Signal::About::messages:
        case Signal::About::journal: return text + std::to_string(signal.bucket);
        case Signal::About::replies: return text + signal.node;
        case Signal::About::nodes:
        case Signal::About::definitions: return text;
    }
    return text;
}

std::string_view next_word(std::string_view& text) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

}  // namespace

Signals::Signals(ports::Store& store, Workshop& workshop, std::string node) : store_{store}, workshop_{workshop}, node_{std::move(node)} {}

void Signals::tell(Signal signal) {
    const bool is_for_known = signal.about == Signal::About::inbox || signal.about == Signal::About::messages;
    if (is_for_known && !others_) return;   // the rest may be for one who has just come
    const std::scoped_lock lock{mutex_};
    waiting_.insert(std::move(signal));
    alarm_.reset();
    if (closed_ || std::exchange(sending_, true)) return;
    boost::asio::post(workshop_.reads(), [this] { send(); });
}

void Signals::tell_soon(Signal signal) {
    if (!others_) return;
    const std::scoped_lock lock{mutex_};
    if (!waiting_.insert(std::move(signal)).second || closed_ || sending_ || alarm_) return;
    alarm_ = workshop_.clock().alarm(workshop_.clock().now() + soon, [this] {
        const std::scoped_lock again{mutex_};
        alarm_.reset();
        if (closed_ || waiting_.empty() || std::exchange(sending_, true)) return;
        boost::asio::post(workshop_.reads(), [this] { send(); });
    });
}

void Signals::send() {
    while (send_what_waits()) {}
}

bool Signals::send_what_waits() {
    std::string text;
    {
        const std::scoped_lock lock{mutex_};
        while (!waiting_.empty() && text.size() < longest_text) text += ' ' + text_of(waiting_.extract(waiting_.begin()).value());
        if (text.empty()) {
            sending_ = false;
            return false;
        }
    }
    try {
        store_.signal(node_ + text);
    } catch (const std::exception&) {   // whoever did not hear it looks for himself before long
    }
    return true;
}

void Signals::close() {
    {
        const std::scoped_lock lock{mutex_};
        closed_ = true;
        alarm_.reset();
    }
    send();
}

std::vector<Signal> Signals::read(std::string_view text) const {
    std::vector<Signal> heard;
    if (next_word(text) == node_) return heard;
    while (!text.empty()) {
        const auto word = next_word(text);
        if (word.empty()) continue;
        Signal signal{static_cast<Signal::About>(word.front())};
        const auto rest = word.substr(1);
        if (signal.about == Signal::About::replies) signal.node = rest;
        else if (std::from_chars(rest.data(), rest.data() + rest.size(), signal.bucket).ec != std::errc{} && !rest.empty()) continue;
        heard.push_back(std::move(signal));
    }
    return heard;
}

}  // namespace kontor::runtime

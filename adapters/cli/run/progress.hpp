#pragma once
/// A bar that shows how far a long command is.
#include "cli/console.hpp"

#include <chrono>

namespace kontor::cli::run {

class Progress {
public:
    Progress(const Output& output, std::size_t total, bool shown) : output_{output}, total_{total}, shown_{shown} {}

    /// Draws at most some twenty times a second, and the last one always.
    void show(std::size_t done) {
        const auto now = std::chrono::steady_clock::now();
        if (!shown_ || (done < total_ && now - drawn_ < std::chrono::milliseconds{50})) return;
        drawn_ = now;
        constexpr std::size_t columns = 30;
        const std::size_t filled = total_ == 0 ? columns : columns * done / total_;
        std::string bar;
        for (std::size_t i = 0; i < columns; ++i) bar += i < filled ? "█" : "░";
        output_.stream << '\r' << bar << ' ' << done << " of " << total_ << std::flush;
    }
    /// Gives the line back: erased on a terminal, ended elsewhere.
    void clear() {
        if (shown_) output_.stream << (output_.terminal ? "\r\033[K" : "\n") << std::flush;
    }

private:
    const Output& output_;
    std::size_t total_;
    bool shown_;
    std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace kontor::cli::run

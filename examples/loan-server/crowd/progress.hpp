#pragma once
/// A bar on a terminal, a line now and then elsewhere. On the standard error: the table alone goes to the standard output.
#include <iostream>
#include <string>

#include <unistd.h>

namespace loan {

class Progress {
public:
    explicit Progress(int all) : all_{all} {}
    ~Progress() {
        if (is_terminal_) std::cerr << '\n';
    }
    void show(int sent, int ended) {
        if (sent == sent_ && ended == ended_) return;
        const bool worth_a_line = ended == all_ || ended >= told_ + all_ / 4;
        sent_ = sent;
        ended_ = ended;
        const std::string text = std::to_string(sent) + " of " + std::to_string(all_) + " sent, " + std::to_string(ended) + " ended";
        if (is_terminal_) {
            const auto filled = static_cast<std::size_t>(width * ended / all_);
            std::cerr << "\r[" << std::string(filled, '#') << std::string(width - filled, '.') << "] " << text << "  " << std::flush;
        } else if (worth_a_line) {
            told_ = ended;
            std::cerr << text << std::endl;
        }
    }

private:
    static constexpr int width = 40;
    const bool is_terminal_ = ::isatty(STDERR_FILENO) != 0;
    int all_, sent_ = -1, ended_ = -1, told_ = 0;
};

}  // namespace loan

#include "cli/serve/log.hpp"

#include "cli/store/words.hpp"

#include <chrono>

namespace kontor::cli {

void Log::operator()(LogLevel level, std::string_view text, InstanceKey instance) {
    const std::scoped_lock lock{mutex_};
    const Style style = level == LogLevel::error ? Style::bad : level == LogLevel::warning ? Style::warning : Style::faint;
    out_.stream << moment(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())) << ' '
                << out_.styled(style, to_string(level)) << ' ' << printable(text);
    if (instance) out_.stream << " (instance " << instance.str() << ')';
    out_.stream << std::endl;   // whoever watches wants it now
}

}  // namespace kontor::cli

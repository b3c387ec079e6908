#include <kontor/error.hpp>

namespace kontor {

std::string_view to_string(Code code) noexcept {
    switch (code) {
        case Code::ok: return "ok";
        case Code::invalid_definition: return "invalid-definition";
        case Code::not_found: return "not-found";
        case Code::conflict: return "conflict";
        case Code::busy: return "busy";
        case Code::unavailable: return "unavailable";
        case Code::outcome_unknown: return "outcome-unknown";
        case Code::shutting_down: return "shutting-down";
        case Code::bad_input: return "bad-input";
        case Code::forbidden: return "forbidden";
    }
    return "unknown";
}

std::string to_string(const Problem& problem) {
    // Always three fields before the text: matchers of editors take `FILE:LINE:COL:` and nothing shorter.
    std::string text = problem.file;
    text += ':' + std::to_string(problem.line) + ':' + std::to_string(problem.column);
    text += problem.severity == Severity::error ? ": error: " : ": warning: ";
    text += problem.message;
    if (!problem.rule.empty()) text += " [" + problem.rule + ']';
    return text;
}

}  // namespace kontor

#include "cli/problems.hpp"
#include "cli/test/report.hpp"

#include <algorithm>
#include <cstdio>

namespace kontor::cli::test {
namespace {

/// Text for an attribute or an element. XML 1.0 cannot hold most control characters, so they are shown as printable() does.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : printable(text)) switch (c) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '"': result += "&quot;"; break;
            default: result += c;
        }
    return result;
}

std::string attribute(std::string_view name, std::string_view value) { return " " + std::string{name} + "=\"" + escaped(value) + "\""; }
std::string number(std::size_t n) { return std::to_string(n); }

std::string text_of(const FileReport& file, const sandbox::CaseResult& result) {
    std::string text;
    for (const auto& failure : result.failures)
        text += file.file + ":" + std::to_string(failure.position.line) + ": " + failure.step + "\nexpected: " + failure.expected +
                "\nfound: " + failure.found + "\n";
    text += "path:";
    for (const std::string& id : result.path) text += " " + id;
    return text;
}

std::string lines_of(std::string_view text) {   // keeps line breaks, which printable() would not
    std::string result;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        result += escaped(text.substr(0, end)) + "\n";
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

std::string suite(const FileReport& file) {
    const auto failed = static_cast<std::size_t>(std::count_if(file.cases.begin(), file.cases.end(), [](const auto& c) { return !c.passed(); }));
    const bool broken = has_error(file.problems);
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.3f", file.seconds);
    std::string xml = "  <testsuite" + attribute("name", file.file) + attribute("tests", number(file.cases.size() + (broken ? 1 : 0))) +
                      attribute("failures", number(failed)) + attribute("errors", broken ? "1" : "0") + attribute("time", seconds) + ">\n";
    for (const auto& result : file.cases) {
        xml += "    <testcase" + attribute("name", result.name) + attribute("classname", file.process) + attribute("file", file.file) +
               attribute("line", std::to_string(result.position.line));
        if (result.passed()) xml += "/>\n";
        else
            xml += ">\n      <failure" + attribute("message", result.failures.front().step + ": expected " + result.failures.front().expected) + ">" +
                   lines_of(text_of(file, result)) + "</failure>\n    </testcase>\n";
    }
    if (broken) {
        xml += "    <testcase" + attribute("name", "the files can be read") + attribute("classname", file.process) + ">\n      <error>";
        for (const Problem& problem : file.problems) xml += lines_of(to_string(problem));
        xml += "</error>\n    </testcase>\n";
    }
    return xml + "  </testsuite>\n";
}

}  // namespace

std::string as_junit(const Report& report) {
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
    for (const FileReport& file : report.files) xml += suite(file);
    return xml + "</testsuites>\n";
}

}  // namespace kontor::cli::test

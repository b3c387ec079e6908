/// Finds the command, performs it, turns what is thrown into a message and an exit status.
#include "cli/command.hpp"
#include "cli/help.hpp"
#include "value/wording.hpp"

#include <kontor/error.hpp>

#include <cstdlib>
#include <iostream>
#include <unistd.h>

namespace kontor::cli {
namespace {

bool wants_colours(bool terminal) {
    const char* no = std::getenv("NO_COLOR");   // https://no-color.org
    const char* term = std::getenv("TERM");
    return terminal && (!no || !*no) && term && std::string_view{term} != "dumb";
}

Output output(std::ostream& stream, int descriptor) {
    const bool terminal = ::isatty(descriptor) == 1;
    return {stream, terminal, wants_colours(terminal)};
}

const Command& find_command(const std::string& name) {
    std::vector<std::string_view> known;
    for (const Command& command : commands()) {
        if (command.name == name) return command;
        known.push_back(command.name);
    }
    const std::string meant = did_you_mean(name, known);
    throw UsageError{"there is no command " + printable(name), meant.empty() ? "`kontor --help` lists the commands" : meant};
}

Exit perform(std::vector<std::string> words, Console& console) {
    if (words.empty()) {
        console.err.stream << overview();
        return Exit::usage;
    }
    const std::string name = words.front();
    words.erase(words.begin());
    if (name == "--version") {
        console.out.stream << "kontor " KONTOR_VERSION "\n";
        return Exit::fine;
    }
    if (name == "--help" || name == "-h" || (name == "help" && words.empty())) {
        console.out.stream << overview();
        return Exit::fine;
    }
    const Command& command = find_command(name == "help" ? words.front() : name);
    if (name == "help" || asks_for_help(words)) {
        console.out.stream << help(command);
        return Exit::fine;
    }
    return command.perform(read_arguments(command, words), console);
}

Exit say(const Console& console, Exit exit, const std::string& message, const std::string& hint = {}) {
    console.out.stream.flush();
    console.err.stream << console.err.styled(Style::bad, "kontor: error: ") << printable(message) << '\n';
    if (!hint.empty()) console.err.stream << "  " << printable(hint) << '\n';
    return exit;
}

Exit perform_safely(std::vector<std::string> words, Console& console) {
    try {
        return perform(std::move(words), console);
    } catch (const UsageError& e) {
        return say(console, Exit::usage, e.what(), e.hint());
    } catch (const WorldFailed& e) {
        return say(console, Exit::world_failed, e.what());
    } catch (const Refused& e) {
        return say(console, Exit::no, e.what());
    } catch (const Error& e) {
        return say(console, e.retryable() ? Exit::world_failed : Exit::no, e.what());
    } catch (const std::bad_alloc&) {
        return say(console, Exit::world_failed, "there is not enough memory");
    } catch (const std::exception& e) {
        return say(console, Exit::world_failed, std::string{"this should not happen, please report it: "} + e.what());
    }
}

}  // namespace
}  // namespace kontor::cli

int main(int argc, char** argv) {
    using namespace kontor::cli;
    std::ios::sync_with_stdio(false);
    Console console{output(std::cout, STDOUT_FILENO), output(std::cerr, STDERR_FILENO)};
    Exit exit = perform_safely({argv + (argc > 0 ? 1 : 0), argv + argc}, console);
    // A closed pipe has ended the program by SIGPIPE, as pipelines expect; a full disk is told.
    if (!std::cout.flush() && exit == Exit::fine) exit = say(console, Exit::world_failed, "the standard output cannot be written");
    return static_cast<int>(exit);
}

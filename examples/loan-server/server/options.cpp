#include "server/options.hpp"

#include <functional>
#include <vector>

namespace loan {

const char* const server_usage = R"(usage: loan-server [OPTION...]

Runs a bank's consumer credit: the engine, its REST interface, a page for people, and the five services that the process calls.

  --store URL          where the engine keeps everything; sqlite:loans.db unless given, memory: for nothing that lasts
  --listen ADDRESS     127.0.0.1:8080 unless given; port 0 is a free one
  --seed N             what the services answer follows from it and from what they are asked; 1 unless given
  --slow NAME=MS       a service takes that long
  --fail NAME=N        every Nth call of a service fails; 1: it is down
  --at NAME=URL        a service runs elsewhere
  --service NAME       runs one service and nothing else: applications, credit, property, decision or notification
  --book FILE          what that service has done; without it, it forgets everything when it ends
  --help
)";

namespace {

/// `NAME=REST`
std::pair<ServiceSettings*, std::string> setting(ServerOptions& options, const std::string& option, const std::string& text) {
    const auto equals = text.find('=');
    const std::string example = option == "--at" ? "credit=http://127.0.0.1:8081" : "credit=3";
    if (equals == std::string::npos) throw UsageError{option + ": " + text + " lacks a =; write for example " + option + ' ' + example};
    try {
        return {&options.services.at(std::string{desk(text.substr(0, equals)).name}), text.substr(equals + 1)};
    } catch (const std::invalid_argument& error) {
        throw UsageError{option + ": " + error.what()};
    }
}

void take(ServerOptions& options, const std::string& option, const std::string& value) {
    if (option == "--store") options.store = value;
    else if (option == "--listen") options.listen = value;
    else if (option == "--book") options.book = value;
    else if (option == "--seed") options.seed = static_cast<unsigned>(whole_number(option, value, 0));
    else if (option == "--service") {
        try {
            options.alone = desk(value).name;
        } catch (const std::invalid_argument& error) {
            throw UsageError{option + ": " + error.what()};
        }
    } else {
        const auto [service, rest] = setting(options, option, value);
        if (option == "--at") service->at = rest;
        else if (option == "--slow") service->behaviour.delay_ms = whole_number(option, rest, 0);
        else service->behaviour.fail_every = whole_number(option, rest, 0);
    }
}

bool is_known(const std::string& option) {
    for (const char* known : {"--store", "--listen", "--book", "--seed", "--service", "--at", "--slow", "--fail"})
        if (option == known) return true;
    return false;
}

}  // namespace

ServerOptions read_options(std::span<const char* const> words) {
    ServerOptions options;
    for (const auto& d : desks()) options.services[std::string{d.name}];
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string option = words[i];
        if (option == "--help" || option == "-h") {
            options.help = true;
            return options;
        }
        if (!is_known(option)) throw UsageError{"there is no option " + option};
        if (i + 1 == words.size()) throw UsageError{option + " needs a value"};
        take(options, option, words[++i]);
    }
    if (!options.book.empty() && options.alone.empty())
        throw UsageError{"--book is for --service; the server keeps the books of its services beside its store"};
    if (options.listen.empty()) options.listen = options.alone.empty() ? "127.0.0.1:8080" : "127.0.0.1:0";
    return options;
}

}  // namespace loan

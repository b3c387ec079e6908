#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/problems.hpp"
#include "cli/serve/bindings.hpp"
#include "cli/serve/log.hpp"
#include "cli/serve/stop_signals.hpp"
#include "cli/store/place.hpp"
#include "cli/store/sources.hpp"
#include "store/open.hpp"

#include <kontor/rest.hpp>

#include <optional>

namespace kontor::cli {
namespace {

void deploy(Engine& engine, const Sources& sources, Log& log, const Console& console) {
    if (sources.files.empty()) return;
    try {
        for (const auto& deployed : engine.deploy(sources.files)) {
            print(console.err, deployed.warnings);
            const std::string what = deployed.unchanged ? " is unchanged" : " is deployed";
            log(LogLevel::info, deployed.id + " version " + std::to_string(deployed.version) + what);
        }
    } catch (const Error& error) {
        auto problems = error.problems();
        if (problems.empty()) throw;
        for (auto& problem : problems)
            if (problem.rule == "unbound-service") problem.hint = "say where it is: --service 'NAME=URL', or 'PREFIX.*=URL' for several";
        print(console.err, problems);
        throw Refused{"nothing was deployed, and nothing is served"};
    }
}

void listen(std::optional<RestServer>& server, Engine& engine, const std::string& address, Log& log) {
    try {
        server.emplace(engine, RestOptions{.listen = address});
    } catch (const Error& error) {
        if (error.code() == Code::bad_input) throw UsageError{"--listen: " + std::string{error.what()}};
        throw;
    }
    log(LogLevel::info, "listening at " + server->url());
}

Exit perform(const Arguments& arguments, Console& console) {
    const std::string url = store_url(arguments);
    const Duration grace = read_duration(arguments, "grace", std::chrono::seconds{20});
    const Sources sources = find_sources(arguments.operands);
    print(console.err, sources.problems);
    if (has_error(sources.problems)) throw Refused{"nothing was deployed, and nothing is served"};
    Log log{console.err};
    Options options;
    std::vector<std::string> bound;
    for (const std::string& text : arguments.values("service")) bound.push_back(options.services.emplace_back(read_binding(text)).name);
    options.retention = read_duration(arguments, "retention", Duration{0});
    options.log = [&log](const LogRecord& record) { log(record.level, record.text, record.instance); };

    const StopSignals signals;
    const auto engine = open_engine(url, std::move(options), Missing::is_created);
    deploy(*engine, sources, log, console);
    for (const auto& service : unbound_services(url, bound))
        log(LogLevel::warning, "nobody carries out service " + service + ": its calls wait for --service " + service + "=URL");
    engine->run();
    std::optional<RestServer> server;
    if (const std::string* address = arguments.value("listen")) listen(server, *engine, *address, log);
    log(LogLevel::info, "serving " + store::shown(url));
    const int signal = signals.wait();
    log(LogLevel::info, std::string{signal == SIGTERM ? "SIGTERM" : "SIGINT"} + ": no more work is taken; a second signal ends at once");
    signals.end();
    const Drained drained = engine->stop(grace);   // whoever asks meanwhile is told so
    server.reset();
    const auto finished = std::to_string(drained.finished), left = std::to_string(drained.left_to_recovery);
    log(LogLevel::info, "stopped: " + finished + " calls finished, " + left + " are left to the next start");
    return Exit::fine;
}

}  // namespace

Command serve_command() {
    return {.name = "serve",
            .operands = "[FILE...]",
            .fewest = 0,
            .most = any_number,
            .summary = "runs an engine on a store until it is stopped",
            .description = "Owns the store, deploys the files, goes on with what was under way, calls services and fires timers. SIGTERM or SIGINT stops it:\n"
                           "calls under way get time to end, what does not is left to the next start. The log goes to the standard error.",
            .options = {store_option,
                        {"service", "NAME=URL", "who carries out a service over HTTP; NAME may end in *", true},
                        {"listen", "ADDRESS", "puts the engine on HTTP, for example at 127.0.0.1:8080; whoever reaches it may do everything"},
                        {"grace", "DURATION", "how long calls may take to end, such as PT5S; PT20S unless given"},
                        {"retention", "DURATION", "how long journals of ended instances are kept, such as P400D; for ever unless given"}},
            .perform = perform};
}

}  // namespace kontor::cli

#include "cli/commands.hpp"
#include "cli/problems.hpp"
#include "cli/store/place.hpp"
#include "cli/store/sources.hpp"
#include "cli/store/words.hpp"
#include "model/service_name.hpp"
#include "store/open.hpp"

#include <kontor/http.hpp>
#include <kontor/rest.hpp>

#include <csignal>
#include <mutex>
#include <optional>
#include <set>

namespace kontor::cli {
namespace {

/// `NAME=URL`
Binding read_binding(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
        throw UsageError{"--service " + text + " says not who carries out what", "for example --service 'credit.*=http://localhost:8081'"};
    try {
        return {text.substr(0, equals), http({.base_url = text.substr(equals + 1)})};
    } catch (const Error& error) {
        throw UsageError{"--service " + text + ": " + error.what()};
    }
}

/// One record a line, from any thread.
class Log {
public:
    explicit Log(const Output& out) : out_{out} {}
    void operator()(LogLevel level, std::string_view text, InstanceKey instance) {
        const std::scoped_lock lock{mutex_};
        const Style style = level == LogLevel::error ? Style::bad : level == LogLevel::warning ? Style::warning : Style::faint;
        out_.stream << moment(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())) << ' '
                    << out_.styled(style, to_string(level)) << ' ' << printable(text);
        if (instance) out_.stream << " (instance " << instance.str() << ')';
        out_.stream << std::endl;   // whoever watches wants it now
    }

private:
    const Output& out_;
    std::mutex mutex_;
};

bool is_bound(const std::vector<std::string>& names, const std::string& service) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return model::service_fits(name, service); });
}

/// Services of what was deployed before that nobody carries out: their calls wait.
std::set<std::string> unbound_services(const std::string& url, const std::vector<std::string>& bound) {
    std::set<std::string> unbound;
    if (url.starts_with("memory:")) return unbound;
    const OpenStore store{url};
    for (const auto& row : store.store().deployments())
        if (const auto version = store.definitions().by_id(row.id))
            for (const auto& element : version->process().elements)
                if (const auto* call = model::service_call(element.kind); call && !is_bound(bound, call->service))
                    unbound.insert(call->service);
    return unbound;
}

void deploy(Engine& engine, const Sources& sources, Log& log, const Console& console) {
    if (sources.files.empty()) return;
    try {
        for (const auto& deployed : engine.deploy(sources.files)) {
            print(console.err, deployed.warnings);
            log(LogLevel::info, deployed.id + " version " + std::to_string(deployed.version) + (deployed.unchanged ? " is unchanged" : " is deployed"), {});
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

/// Signals are taken by whoever waits for them: no thread that the engine makes may get them.
class StopSignals {
public:
    StopSignals() {
        ::sigemptyset(&signals_);
        ::sigaddset(&signals_, SIGTERM);
        ::sigaddset(&signals_, SIGINT);
        ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    }
    int wait() const {
        int signal = 0;
        ::sigwait(&signals_, &signal);
        return signal;
    }
    /// A second signal ends the program at once.
    void end() const { ::pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr); }

private:
    ::sigset_t signals_{};
};

void listen(std::optional<RestServer>& server, Engine& engine, const std::string& address, Log& log) {
    try {
        server.emplace(engine, RestOptions{.listen = address});
    } catch (const Error& error) {
        if (error.code() == Code::bad_input) throw UsageError{"--listen: " + std::string{error.what()}};
        throw;
    }
    log(LogLevel::info, "listening at " + server->url(), {});
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
        log(LogLevel::warning, "nobody carries out service " + service + ": its calls wait for --service " + service + "=URL", {});
    engine->run();
    std::optional<RestServer> server;
    if (const std::string* address = arguments.value("listen")) listen(server, *engine, *address, log);
    log(LogLevel::info, "serving " + store::shown(url), {});
    const int signal = signals.wait();
    log(LogLevel::info, std::string{signal == SIGTERM ? "SIGTERM" : "SIGINT"} + ": no more work is taken; a second signal ends at once", {});
    signals.end();
    const Drained drained = engine->stop(grace);   // whoever asks meanwhile is told so
    server.reset();
    const auto finished = std::to_string(drained.finished), left = std::to_string(drained.left_to_recovery);
    log(LogLevel::info, "stopped: " + finished + " calls finished, " + left + " are left to the next start", {});
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

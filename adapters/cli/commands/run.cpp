#include "cli/clock.hpp"
#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/input.hpp"
#include "cli/problems.hpp"
#include "cli/run/result.hpp"
#include "cli/run/rows.hpp"
#include "cli/run/story.hpp"
#include "journal/event_json.hpp"
#include "sandbox/test_names.hpp"
#include "value/json.hpp"
#include "value/wording.hpp"

#include <algorithm>
#include <map>

namespace kontor::cli {
namespace {

yaml::Mocks read_mocks_of(const std::string& file, const Console& console) {
    yaml::MockFile read = yaml::read_mocks(read_file(file));
    print(console.err, read.problems);
    if (has_error(read.problems)) throw Refused{file + " cannot be used as a mock file"};
    return std::move(read.mocks);
}

std::shared_ptr<const model::Definition> find(const Definitions& definitions, const std::string& id) {
    std::vector<std::string_view> known;
    for (const auto& definition : definitions) {
        if (definition->process.id == id) return definition;
        known.push_back(definition->process.id);
    }
    throw UsageError{"the file holds no process " + id, "it holds " + joined(known)};
}

std::shared_ptr<const model::Definition> main_process(const Arguments& arguments, const Definitions& definitions) {
    if (const std::string* wanted = arguments.value("process")) return find(definitions, *wanted);
    if (definitions.size() == 1) return definitions.front();
    const auto id = [](const auto& definition) -> const std::string& { return definition->process.id; };
    throw UsageError{"the file holds several processes", "say which one: --process; there are " + joined(definitions, ", ", id)};
}

/// `NAME[@KEY][=JSON]`
sandbox::PublishedMessage read_message(const std::string& text) {
    const auto equals = text.find('=');
    const std::string head = text.substr(0, equals);
    const auto at = head.find('@');
    sandbox::PublishedMessage message{head.substr(0, at), {}, {}, {}};
    if (message.name.empty())
        throw UsageError{"--publish " + text + " names no message", "for example --publish offer-answered@L-42={\"accepted\": true}"};
    if (at != std::string::npos) message.correlation_key = head.substr(at + 1);
    if (equals != std::string::npos) message.payload = read_value("publish", text.substr(equals + 1));
    return message;
}

/// A message that nothing declares would never be taken.
void check_message(const sandbox::PublishedMessage& message, const Definitions& definitions) {
    std::vector<std::string_view> known;
    for (const auto& definition : definitions)
        for (const model::Message& declared : definition->process.messages) known.push_back(declared.name);
    if (std::find(known.begin(), known.end(), message.name) == known.end())
        throw UsageError{"no process of the file has a message " + message.name, did_you_mean(message.name, known)};
}

run::Plan read_plan(const Arguments& arguments, const Console& console) {
    run::Plan plan;
    if (const std::string* vars = arguments.value("vars")) plan.variables = read_context("vars", *vars);
    for (const std::string& text : arguments.values("publish")) plan.messages.push_back(read_message(text));
    if (const std::string* mock = arguments.value("mock")) plan.mocks = read_mocks_of(*mock, console);
    plan.definitions = load_for_running(arguments.operands.front(), console.err);
    plan.main = main_process(arguments, plan.definitions);
    if (const std::string* mock = arguments.value("mock")) print(console.err, sandbox::unknown_names(*mock, plan.mocks, plan.definitions));
    for (const auto& message : plan.messages) check_message(message, plan.definitions);
    plan.with = arguments.values("with");
    for (const std::string& other : plan.with) (void)find(plan.definitions, other);
    plan.start = plan.mocks.start.value_or(now());
    plan.real_time = arguments.has("real-time");
    plan.unmasked = arguments.has("unmasked");
    return plan;
}

Exit exit_of(run::Status status) {
    return status == run::Status::incident || status == run::Status::failed ? Exit::no : Exit::fine;
}

void print_warnings(const run::Ending& ending, const std::string& mock, const Console& console) {
    console.out.stream.flush();
    for (const std::string& warning : ending.warnings)
        console.err.stream << printable(mock + ":" + warning.substr(0, warning.find(' '))) << ' ' << console.err.styled(Style::warning, "warning:")
                           << printable(warning.substr(warning.find(' '))) << '\n';
}

run::Ending run_json(const run::Plan& plan, const Output& out) {
    std::map<const model::Definition*, journal::EventJson> writers;
    std::map<InstanceKey, journal::Whereabouts> where;
    std::string text;
    const run::Ending ending = run::play(plan, [&](const core::Record& record, const model::Definition& definition) {
        const auto show = plan.unmasked ? journal::Show::everything : journal::Show::masked;
        const auto writer = writers.try_emplace(&definition, definition.process, show).first;
        text.clear();
        writer->second.write(record, where[record.instance], text);
        out.stream << text;
        if (plan.real_time) out.stream.flush();
    });
    out.stream << json::write(run::result_of(ending, plan)) << '\n';
    return ending;
}

run::Ending run_told(const run::Plan& plan, const Output& out) {
    run::Story story{plan, out};
    const run::Ending ending = run::play(plan, [&](const core::Record& record, const model::Definition& definition) {
        story.follow(record, definition);
        if (plan.real_time) out.stream.flush();
    });
    story.end(ending);
    return ending;
}

Exit run_rows(const run::Plan& plan, const Arguments& arguments, const Console& console) {
    run::RowsOptions options{*arguments.value("each"), {}, arguments.has("json"), arguments.has("progress")};
    if (const std::string* column = arguments.value("compare")) options.compare = *column;
    const run::Summary summary = run::play_rows(plan, options, console);
    if (options.json) console.out.stream << json::write(run::to_value(summary, options)) << '\n';
    else run::print(summary, options, console.out);
    return summary.good() ? Exit::fine : Exit::no;
}

Exit perform(const Arguments& arguments, Console& console) {
    const bool each = arguments.has("each");
    if (arguments.has("compare") && !each) throw UsageError{"--compare needs --each"};
    if (arguments.has("real-time") && each) throw UsageError{"--real-time does not go with --each"};
    const run::Plan plan = read_plan(arguments, console);
    if (each) return run_rows(plan, arguments, console);
    const run::Ending ending = arguments.has("json") ? run_json(plan, console.out) : run_told(plan, console.out);
    if (const std::string* mock = arguments.value("mock")) print_warnings(ending, *mock, console);
    return exit_of(ending.status);
}

}  // namespace

Command run_command() {
    return {.name = "run",
            .operands = "FILE",
            .fewest = 1,
            .most = 1,
            .summary = "runs a process in memory, in virtual time",
            .description =
                "Starts an instance, or one for each row of a CSV file, and lets time pass until nothing more can happen. Services and user\n"
                "tasks answer as the mock file says; what it does not name completes at once with nothing. A message arrives only when\n"
                "published; it is kept until somebody waits for it. Prints the path that the instance took.\n"
                "\n"
                "Exit status: 0 if the instance completed, was cancelled or waits for something that will not come by itself; 1 if it ended\n"
                "with an incident or a failure, or was refused. A run stops as `waiting` after 100,000 commands.",
            .options = {{"process", "ID", "the process to start, where the file holds several"},
                        {"with", "ID", "a process of the file to start before it", true},
                        {"vars", "JSON|@FILE", "the variables to start with: JSON or a FEEL context"},
                        {"mock", "FILE", "how services and people answer, and when virtual time begins"},
                        {"publish", "NAME[@KEY][=JSON]", "a message; without KEY it fits any", true},
                        {"each", "FILE.csv", "one instance for each row; columns are variables"},
                        {"compare", "COLUMN", "with --each: end events against the values of a column"},
                        {"progress", "", "with --each: shows the progress bar also where there is no terminal"},
                        {"real-time", "", "waits as long as the process does"},
                        {"unmasked", "", "shows the values of sensitive variables"},
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli

/// The document: one process, or several.
#include "yaml/process.hpp"

#include "value/calendar.hpp"
#include "yaml/flow/reading.hpp"
#include "yaml/read.hpp"
#include "yaml/tree/parse.hpp"

#include <algorithm>
#include <array>

namespace kontor::yaml {

namespace {

constexpr std::array<Key, 4> file_table{{{"kontor", Shape::format, "format of this file: 1", required},
                                         {"types", Shape::types, "item definitions, or the file that has them"},
                                         {"collaboration", Shape::text, "name of several processes that belong together"},
                                         {"processes", Shape::processes, "several processes in one file"}}};
constexpr std::array<Key, 13> process_table{{{"process", Shape::id, "id of the process"},
                                             {"name", Shape::text, "what people call it"},
                                             {"documentation", Shape::text, "longer words for people"},
                                             {"versionTag", Shape::text,
                                                 "a version for people; the engine numbers versions by content"},
                                             {"timeZone", Shape::text,
                                                 "IANA zone of now(), today() and local times; UTC if missing"},
                                             {"calendar", Shape::text, "calendar of banking days; kept, nothing reads it yet"},
                                             {"services", Shape::services, "what each service promises"},
                                             {"messages", Shape::messages, "messages that it receives"},
                                             {"defaults", Shape::defaults, "what holds where nothing else is said"},
                                             {"extensions", Shape::anything, "data of other tools; kept, nothing reads them yet"},
                                             {"diagram", Shape::anything, "layout of the picture; kept, nothing reads it yet"},
                                             {"signals", Shape::names, "", not_yet},
                                             {"escalations", Shape::names, "", not_yet}}};
constexpr std::array<Key, 2> service_table{{{"contract", Shape::text,
    "idempotent (repeat it), queryable (ask first) or unsafe (a person decides)"},
                                            {"timeout", Shape::duration, "how long one attempt may take"}}};
constexpr std::array<Key, 2> message_table{{{"correlationKey", Shape::expression,
    "which instance is meant; evaluated when waiting begins"},
                                            {"timeToLive", Shape::duration, "how long an early message is kept"}}};
constexpr std::array<Key, 1> defaults_table{{{"retry", Shape::retry, "how failed calls are repeated"}}};

constexpr std::size_t most_names = 1'000;   ///< variables, services and messages are searched one by one

bool within_limit(const Site& site, const Node& node, std::string_view what) {
    if (node.entries.size() <= most_names) return true;
    site.error(node, "too-many-nodes", quoted(what) + " has more than " + std::to_string(most_names) + " names");
    return false;
}

void read_services(const Site& site, const Node& node, model::Process& process) {
    if (!expect_map(site, node, "services", "a mapping of service names") || !within_limit(site, node, "services")) return;
    for (const Entry& entry : node.entries) {
        model::ServiceDeclaration service;
        service.pattern = entry.key.text;
        service.position = entry.key.position;
        if (const auto star = service.pattern.find('*'); star != std::string::npos && star + 1 != service.pattern.size())
            site.error(entry.key, "invalid-name", "`*` may only end a service's name", "it stands for every rest");
        if (expect_map(site, entry.value, entry.key.text, "a mapping such as { contract: idempotent }")) {
            const Fields fields{site, entry.value, "the service " + quoted(service.pattern), {service_table}};
            if (const Node* timeout = fields["timeout"]) service.timeout = read_duration(site, *timeout, "timeout");
            const std::string contract = fields.text("contract");
            if (contract == "idempotent") service.contract = model::Contract::idempotent;
            else if (contract == "queryable") service.contract = model::Contract::queryable;
            else if (!contract.empty() && contract != "unsafe")
                site.wanted("contract", "idempotent, queryable or unsafe", *fields["contract"]);
        }
        process.services.push_back(std::move(service));
    }
}

/// A correlation key leaves the instance: it stands in indexes and at brokers.
void check_correlation_key(const Site& site, const Node& node, const model::Formula& key, const Names& names) {
    for (const std::string& name : key.expression.reads()) {
        const model::Variable* variable = names.variable(name);
        if (!variable) continue;
        const bool part = std::ranges::any_of(variable->sensitive_parts,
            [&](const std::string& field) { return key.expression.text().find(name + "." + field) != std::string::npos; });
        if (variable->sensitive || part)
            site.error(node, "sensitive-correlation-key",
                quoted(name) + " is sensitive: a correlation key is stored in the clear",
                    "use a value that is no secret, such as a number of the case");
    }
}

void read_messages(const Site& site, const Node& node, model::Process& process) {
    if (!expect_map(site, node, "messages", "a mapping of message names") || !within_limit(site, node, "messages")) return;
    const Names names{process, model::root};
    for (const Entry& entry : node.entries) {
        model::Message message;
        (void)read_id(site, entry.key, "message");
        message.name = entry.key.text;
        message.position = entry.key.position;
        if (!entry.value.is_null() && expect_map(site, entry.value, entry.key.text,
            "a mapping such as { correlationKey: = case.id }")) {
            const Fields fields{site, entry.value, "the message " + quoted(message.name), {message_table}};
            if (const Node* key = fields["correlationKey"]) {
                message.correlation_key = read_expression(site, *key, "correlationKey", names);
                if (message.correlation_key) check_correlation_key(site, *key, *message.correlation_key, names);
            }
            if (const Node* live = fields["timeToLive"]) message.time_to_live = read_duration(site, *live, "timeToLive");
        }
        process.messages.push_back(std::move(message));
    }
}

void read_context(const Site& site, const Node* node, std::string_view what, Variables& into) {
    if (!node || !expect_map(site, *node, what)) return;
    if (const auto value = read_value(site, *node, what); value && value->if_context()) into = *value->if_context();
}

void read_header(const Fields& fields, model::Process& process) {
    const Site& site = fields.site();
    process.name = fields.text("name");
    process.documentation = fields.text("documentation");
    process.version_tag = fields.text("versionTag");
    process.calendar = fields.text("calendar");
    if (const std::string zone = fields.text("timeZone"); !zone.empty()) {
        if (!calendar::zone_exists(zone)) site.error(*fields["timeZone"], "unknown-time-zone",
            "there is no time zone " + quoted(zone), "use an IANA name, for example Europe/Paris");
        process.time_zone = zone;
    }
    read_context(site, fields["extensions"], "extensions", process.extensions);
    read_context(site, fields["diagram"], "diagram", process.diagram);
}

/// `secret:NAME` is resolved in the options of the host's adapters only; in a process it would be stored and logged as it stands.
void check_secrets(const Site& site, const Node& node) {
    if (node.is_scalar() && node.text.starts_with("secret:"))
        site.error(node, "secret-misplaced", "a secret may stand in the host's configuration only",
            "give it to the adapter that calls the service: HttpOptions, AmqpOptions");
    for (const Node& item : node.items) check_secrets(site, item);
    for (const Entry& entry : node.entries) check_secrets(site, entry.value);
}

std::optional<model::Process> read_one(const Site& site, const Node& map, bool is_file, const Source& source,
    const TypeTable& types) {
    std::vector<Keys> tables{process_table, scope_keys()};
    if (is_file) tables.emplace_back(file_table);
    const Fields fields{site, map, "the process", std::move(tables)};
    model::Process process;
    process.file = source.name;
    Graph graph{process, site.problems};
    const Node* id = fields["process"];
    if (!id) site.error(map, "missing-key", "the process has no id", "begin with `process: ID`");
    const auto name = id ? read_id(site, *id, "process") : std::nullopt;
    process.id = name.value_or("process");
    (void)graph.add(process.id, model::ProcessElement{}, id ? id->position : map.position, {});
    read_header(fields, process);
    Reading reading{site, process, graph, types, {}};
    const Node* variables = fields["variables"];
    process.declares_variables = variables;
    if (variables && within_limit(site, *variables, "variables")) read_variables(reading, *variables, model::root);
    if (const Node* services = fields["services"]) read_services(site, *services, process);
    if (const Node* messages = fields["messages"]) read_messages(site, *messages, process);
    if (const Node* defaults = fields["defaults"]; defaults && expect_map(site, *defaults, "defaults")) {
        const Fields inner{site, *defaults, "defaults", {defaults_table}};
        if (const Node* retry = inner["retry"]) reading.retry = read_retry(site, *retry, reading.retry);
    }
    read_scope(reading, fields, model::root);
    if (!graph.finish() || !fields["flow"]) return std::nullopt;
    model::complete(process);
    for (Problem& problem : model::check(process)) site.problems.add(std::move(problem));
    return process;
}

void read_several(const Site& site, const Node& root, const Node& list, const Source& source, const TypeTable& types,
    std::vector<model::Process>& processes) {
    (void)Fields{site, root, "a file with `processes`", {file_table}};
    if (!expect_list(site, list, "processes")) return;
    for (const Node& item : list.items) {
        if (!expect_map(site, item, "processes", "a mapping for each process")) continue;
        auto process = read_one(site, item, false, source, types);
        if (process && std::ranges::find(processes, process->id, &model::Process::id) != processes.end())
            site.error(item, "duplicate-id", "there is a second process " + quoted(process->id), "ids are unique in a file");
        if (process) processes.push_back(std::move(*process));
    }
}

void read_document(const Document& document, const Source& source, const Resolver& resolver, ProcessFile& file,
    Problems& problems) {
    const Site site{document.text, problems};
    const Node& root = document.root;
    if (!root.is_map()) return site.error(root, "wrong-type", "a process file is a mapping, not " + describe(root),
        "begin it with `kontor: 1`");
    check_format(site, root);
    check_secrets(site, root);
    TypeTable types;
    if (const Entry* entry = root.find("types")) types.read(site, entry->value, source, resolver);
    if (const Entry* list = root.find("processes")) return read_several(site, root, list->value, source, types, file.processes);
    if (auto process = read_one(site, root, true, source, types)) file.processes.push_back(std::move(*process));
}

}  // namespace

Keys file_keys() { return file_table; }
Keys process_keys() { return process_table; }
Keys service_keys() { return service_table; }
Keys message_keys() { return message_table; }
Keys defaults_keys() { return defaults_table; }

bool ProcessFile::ok() const noexcept { return std::ranges::none_of(problems,
    [](const Problem& p) { return p.severity == Severity::error; }); }

ProcessFile read_process(const Source& source, const Resolver& resolver) {
    ProcessFile file;
    Problems problems{source.name};
    try {
        if (const auto document = parse(source.text, problems)) read_document(*document, source, resolver, file, problems);
    } catch (const TooManyProblems&) {   // they stand in `problems`
    }
    if (problems.errors() > 0) file.processes.clear();
    file.problems = problems.take();
    return file;
}

}  // namespace kontor::yaml

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/run/story.hpp"
#include "cli/store/place.hpp"
#include "cli/store/words.hpp"
#include "journal/encoding.hpp"

namespace kontor::cli {
namespace {

constexpr std::size_t rows_at_once = 500;

void write_events(const runtime::Reader& reader, InstanceKey key, const Output& out) {
    HistoryQuery query{.instance = key};
    do {
        const auto page = reader.history(query);
        for (const auto& event : page) out.stream << event.json << '\n';
        query.after = page.next;
    } while (query.after);
}

void tell(const runtime::Reader& reader, const InstanceInfo& info, const model::Definition& definition, const Output& out) {
    run::Plan plan;
    plan.main = {std::shared_ptr<const void>{}, &definition};
    run::Story story{plan, out};
    for (core::Position after;;) {
        const auto rows = reader.store().journal(info.key, after, rows_at_once);
        for (const auto& row : rows) story.follow(journal::decode(row.position, row.bytes), definition);
        if (rows.size() < rows_at_once) break;
        after = rows.back().position;
    }
    story.tell_open();
    out.stream << '\n';
    print_heading(out, info);
}

Exit perform(const Arguments& arguments, Console& console) {
    const auto key = read_key<InstanceKey>(arguments.operands.front());
    const OpenStore store{store_url(arguments)};
    const auto info = store.reader().find(key);
    if (!info) throw Refused{"there is no instance " + key.str()};
    const auto row = store.store().instance(key);
    if (row->dropped) throw Refused{"the journal of instance " + key.str() + " was dropped when its retention had passed"};
    const auto version = store.definitions().by_id(row->definition);
    if (!version) throw WorldFailed{"instance " + key.str() + " runs " + row->definition + ", which is not deployed"};
    if (arguments.has("json")) write_events(store.reader(), key, console.out);
    else tell(store.reader(), *info, *version->definition, console.out);
    return Exit::fine;
}

}  // namespace

Command history_command() {
    return {.name = "history",
            .operands = "INSTANCE",
            .fewest = 1,
            .most = 1,
            .summary = "tells what happened to an instance",
            .description = "As a path, in the time zone of the process; with --json one event a line. Sensitive values are masked.",
            .options = {store_option, json_option},
            .perform = perform};
}

}  // namespace kontor::cli

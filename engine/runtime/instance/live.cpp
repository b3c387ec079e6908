#include "runtime/instance/live.hpp"

#include "journal/encoding.hpp"
#include "journal/error.hpp"
#include "journal/snapshot.hpp"

#include <algorithm>

namespace kontor::runtime {
namespace {

/// A long instance is not read in one piece.
constexpr std::size_t rows_at_once = 500;

void replay(Live& live, const ports::JournalRow& row) {
    const core::Record record = journal::decode(row.position, row.bytes);
    try {
        core::apply(live.version->process(), live.state, record);
    } catch (const std::logic_error& impossible) {
        throw journal::Damaged{row.position, " says of instance " + row.instance.str() + " what cannot be: " + impossible.what()};
    }
    live.tail_events += record.events.size();
    live.tail_bytes += row.bytes.size();
    live.newest = std::max(live.newest, row.position);
}

}  // namespace

std::optional<Live> read_instance(ports::Store& store, const Definitions& definitions, InstanceKey key) {
    const auto row = store.instance(key);
    if (!row) return std::nullopt;
    Live live;
    live.row = *row;
    live.version = definitions.by_id(row->definition);
    if (!live.version) throw journal::NewerVersion{row->last, " is of instance " + key.str() + ", which runs " + row->definition + ": this engine does not know it"};
    if (row->dropped) throw Error{Code::not_found, "the journal of instance " + key.str() + " was dropped when its retention had passed"};
    live.newest = row->last;
    core::Position after;
    if (const auto snapshot = store.snapshot(key))
        if (auto state = journal::decode_snapshot(snapshot->bytes)) {
            live.state = std::move(*state);
            after = snapshot->at;
            live.newest = std::max(live.newest, after);
        }
    for (;;) {
        const auto rows = store.journal(key, after, rows_at_once);
        for (const auto& next : rows) replay(live, next);
        if (rows.size() < rows_at_once) break;
        after = rows.back().position;
    }
    for (const auto& [element, instance] : live.state.elements)
        if (instance.job && instance.job->due) live.to_wake.insert(element);
    return live;
}

}  // namespace kontor::runtime

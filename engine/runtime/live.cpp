#include "runtime/live.hpp"

#include "journal/encoding.hpp"
#include "journal/snapshot.hpp"

#include <algorithm>

namespace kontor::runtime {
namespace {

/// A long instance is not read in one piece.
constexpr std::size_t rows_at_once = 500;

void replay(Live& live, const std::vector<ports::JournalRow>& rows) {
    for (const auto& row : rows) {
        const core::Record record = journal::decode(row.position, row.bytes);
        core::apply(live.version->process(), live.state, record);
        live.tail_events += record.events.size();
        live.tail_bytes += row.bytes.size();
        live.newest = std::max(live.newest, row.position);
    }
}

}  // namespace

std::optional<Live> read_instance(ports::Store& store, const Definitions& definitions, InstanceKey key) {
    const auto row = store.instance(key);
    if (!row) return std::nullopt;
    Live live;
    live.row = *row;
    live.version = definitions.by_id(row->definition);
    if (!live.version) throw Error{Code::unavailable, "instance " + key.str() + " runs " + row->definition + ", which this engine does not know"};
    if (row->dropped) throw Error{Code::not_found, "the journal of instance " + key.str() + " was dropped when its retention had passed"};
    live.newest = row->last;
    core::Position after;
    if (const auto snapshot = store.snapshot(key))
        if (auto state = journal::decode_snapshot(snapshot->bytes)) {
            live.state = std::move(*state);
            after = snapshot->at;
            live.newest = std::max(live.newest, after);
        }
    try {
        for (;;) {
            const auto rows = store.journal(key, after, rows_at_once);
            replay(live, rows);
            if (rows.size() < rows_at_once) break;
            after = rows.back().position;
        }
    } catch (const std::logic_error& impossible) {
        throw Error{Code::unavailable, "the journal of instance " + key.str() + " is damaged: " + impossible.what()};
    }
    for (const auto& [element, instance] : live.state.elements)
        if (instance.job && instance.job->due) live.to_wake.insert(element);
    return live;
}

}  // namespace kontor::runtime

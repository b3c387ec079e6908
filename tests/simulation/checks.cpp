#include "simulation/checks.hpp"

#include "journal/encoding.hpp"
#include "processes/describe.hpp"
#include "processes/undone.hpp"

namespace kontor::simulation {

using namespace core;
using test::Violation;

namespace {
void require(bool holds, const std::string& what) {
    if (!holds) throw Violation{what};
}
}  // namespace

void Checks::all() {
    for (std::uint32_t b = 0; b < World::buckets; ++b) bucket(b);
    starts();
    services();
    for (const auto& [task, times] : world_.tasks_done_)
        require(completed_tasks_[task] == 1, "user task " + task.str() + ": somebody was told that it is completed, and the journal does not say so once");
}

/// Positions are dense: every number up to the bucket's next one stands in the journal, once.
void Checks::bucket(std::uint32_t number) {
    std::set<std::uint64_t> positions;
    for (const auto& [key, rows] : world_.store_.journal(number)) {
        for (const Row& row : rows) require(positions.insert(row.position.sequence).second, "position " + std::to_string(row.position.sequence) + " stands twice");
        instance(key, rows);
    }
    const std::uint64_t next = world_.store_.lease(number).next;
    require(positions.size() == next - 1 && (positions.empty() || *positions.rbegin() == next - 1),
            "the positions of bucket " + std::to_string(number) + " have gaps");
    world_.report_.rows += positions.size();
}

void Checks::instance(InstanceKey key, const std::vector<Row>& rows) {
    ++world_.report_.instances;
    const State state = replay(world_, rows);   // checks the chain
    const model::Process& process = world_.definition(state.definition).process;
    test::check_at_rest(process, state);
    for (const State* live : world_.open_states())
        if (live->key == key) require(*live == state, "live and replayed state differ:" + test::difference(*live, state));
    State before;
    test::Undone undone{process};
    for (const Row& row : rows)
        test::begin_replay(process, before, journal::decode(row.position, row.bytes), [&](const Event& event) {
            require(!before.ended(), "an event after the end");
            undone.see(before, event);
            if (const auto* e = std::get_if<TaskCompleted>(&event)) ++completed_tasks_[e->key];
            if (const auto* e = std::get_if<MessageCorrelated>(&event))
                require(correlated_.insert(e->message_id).second, "message " + e->message_id + " was delivered twice");
            if (const auto* e = std::get_if<ElementCompleted>(&event); e && before.at(e->key).compensates) {
                ++world_.report_.undone;
                if (before.at(e->key).job) undone_keys_.insert(before.key_prefix + "-" + e->key.str());
            }
            if (const auto* e = std::get_if<JobCreated>(&event))
                if (process[before.at(e->key).element].compensation_handler) must_be_answered_.insert(e->key);
        });
    answered_.insert(undone.took_effect().begin(), undone.took_effect().end());
    ++world_.report_.phases[state.phase];
    if (!state.ended()) ended(state);
}

/// After the fair phase only an incident that people cannot mend keeps an instance from its end.
void Checks::ended(const State& state) {
    ++world_.report_.stuck;
    require(!state.incidents.empty(), "instance " + state.key.str() + " neither ended nor has an incident");
    for (const auto& [key, incident] : state.incidents) {
        const bool known = incident.kind == IncidentKind::unhandled_error || incident.kind == IncidentKind::deadlock;
        require(known, "incident " + std::string{to_string(incident.kind)} + " stays though everything is well: " + incident.message);
    }
}

void Checks::services() {
    for (const auto& [key, entry] : world_.fleet_.ledger()) {
        require(entry.jobs.size() == 1, "two steps called " + entry.service + " with the same idempotency key");
        require(entry.effects <= 1, entry.service + " took effect " + std::to_string(entry.effects) + " times under the key " + key);
        const ElementKey job = *entry.jobs.begin();
        if (entry.effects > 0 && must_be_answered_.contains(job))
            require(answered_.contains(job), entry.service + " took effect under the key " + key + ", which the journal has forgotten: it can no longer be undone");
        if (undone_keys_.contains(key)) require(entry.effects == 1, entry.service + " was to undo a step and did nothing");
    }
    for (const auto& key : undone_keys_) require(world_.fleet_.ledger().contains(key), "the compensation " + key + " was never called");
}

/// What a caller was told is never lost.
void Checks::starts() {
    for (const auto& client : world_.clients_) {
        require(static_cast<bool>(client.instance), "the start " + client.id + " was never answered");
        const auto& journal = world_.store_.journal(client.bucket);
        require(journal.contains(client.instance), "the start " + client.id + " was answered, and its instance does not exist");
    }
    require(world_.report_.instances == world_.clients_.size(), "there are more instances than were asked for");
}

std::string World::story(std::size_t events) const {
    std::vector<std::string> lines;
    for (std::uint32_t bucket = 0; bucket < buckets; ++bucket)
        for (const auto& [key, rows] : const_cast<Store&>(store_).journal(bucket)) {
            State before;
            const auto started = std::get<InstanceStarted>(journal::decode(rows.front().position, rows.front().bytes).events.front());
            const model::Process& process = definition(started.definition).process;
            std::vector<std::string> mine;
            for (const Row& row : rows)
                test::begin_replay(process, before, journal::decode(row.position, row.bytes),
                                   [&](const Event& event) { mine.push_back(test::describe(process, before, event)); });
            lines.push_back("instance " + key.str() + " (" + started.business_key + "), " + std::string{lifecycle::to_string(before.phase)});
            lines.insert(lines.end(), mine.size() > events ? mine.end() - static_cast<std::ptrdiff_t>(events) : mine.begin(), mine.end());
        }
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

}  // namespace kontor::simulation

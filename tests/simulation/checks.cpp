#include "simulation/checks.hpp"

#include "journal/encoding.hpp"
#include "processes/describe.hpp"
#include "processes/undone.hpp"
#include "runtime/care/audit.hpp"
#include "runtime/care/check.hpp"

namespace kontor::simulation {

using namespace core;
using test::Violation;

namespace {

constexpr std::size_t all_rows = 1'000'000;

void require(bool holds, const std::string& what) {
    if (!holds) throw Violation{what};
}

std::string text_of(const Value& value, std::string_view name) {
    const Variables* context = value.if_context();
    const Value* found = context ? context->find(name) : nullptr;
    return found ? found->as<std::string>() : std::string{};
}

}  // namespace

void Checks::all() {
    for (const auto& row : memory_.instances({.limit = all_rows})) instance(row);
    for (std::uint32_t b = 0; b < World::buckets; ++b) bucket(b);
    derived_rows();
    services();
    messages();
    require(world_.people_->everybody_was_answered(), "a client was never answered");
    world_.people_->promises().check();
    for (const auto& [task, times] : world_.people_->tasks_done())
        require(completed_tasks_[task] == 1, "user task " + task.str() + ": somebody was told that it is completed, and the journal does not say so once");
    world_.report_.rows_before = world_.database_.release.rows_before();
    world_.report_.ghosts = world_.fleet_.ghosts();
    for (const auto& node : world_.nodes_) world_.report_.lives += node->lives();
}

/// Positions are dense: every number up to the bucket's next one stands in the journal, once.
void Checks::bucket(std::uint32_t number) {
    const auto rows = memory_.journal_of_bucket(number, 1, all_rows);
    std::uint64_t next = 1;
    for (const auto& row : rows) {
        require(row.position.sequence == next++, "the positions of bucket " + std::to_string(number) + " have gaps");
        for (const auto byte : row.link.hash) world_.report_.digest = world_.report_.digest * 31 + static_cast<unsigned char>(byte);
    }
    require(memory_.next_sequence(number) == next, "bucket " + std::to_string(number) + " has a number too many");
    world_.report_.rows += rows.size();
    watchers(number, rows);
    require(memory_.inbox(number, 0, 1).empty(), "a row stays in the inbox of bucket " + std::to_string(number));
}

void Checks::watchers(std::uint32_t bucket, const std::vector<ports::JournalRow>& rows) {
    std::vector<std::pair<InstanceKey, std::string>> told;
    runtime::EventReader reader{memory_, world_.definitions_};
    for (const auto& row : rows)
        for (const auto& event : reader.events(row)) told.emplace_back(event.instance, event.json);
    for (const Watcher& watcher : world_.watchers_) {
        const auto& seen = watcher.seen(bucket);
        for (std::size_t i = 0; i < std::min(seen.size(), told.size()); ++i)
            require(seen[i] == told[i], "event " + std::to_string(i) + " of bucket " + std::to_string(bucket) + " was told as " + seen[i].second + ", and is " + told[i].second);
        require(seen.size() == told.size(), "of bucket " + std::to_string(bucket) + " a watcher has seen " + std::to_string(seen.size()) + " events of " + std::to_string(told.size()));
    }
}

// ---- instances --------------------------------------------------------------------------------------------------------------

void Checks::instance(const ports::InstanceRow& row) {
    ++world_.report_.instances;
    const auto version = world_.definitions_.by_id(row.definition);
    const model::Process& process = version->process();
    core::State state;
    test::Undone undone{process};
    for (const auto& one : memory_.journal(row.key, {}, all_rows))
        test::begin_replay(process, state, journal::decode(one.position, one.bytes), [&](const core::Event& event) {
            require(!state.ended(), "an event after the end");
            undone.see(state, event);
            note(state, event);
            if (const auto* e = std::get_if<JobCreated>(&event))
                if (process[state.at(e->key).element].compensation_handler) must_be_answered_.insert(e->key);
        });
    test::check_at_rest(process, state);
    answered_.insert(undone.took_effect().begin(), undone.took_effect().end());
    ++world_.report_.phases[state.phase];
    if (!state.ended()) stuck(state);
}

void Checks::note(const core::State& before, const core::Event& event) {
    auto& promises = world_.people_->promises();
    if (const auto* e = std::get_if<InstanceStarted>(&event)) {
        if (!e->business_key.empty()) promises.happened(e->business_key);
        else require(begun_by_.insert(text_of(e->payload, "tag")).second, "message " + text_of(e->payload, "tag") + " started two instances");
    }
    if (const auto* e = std::get_if<TaskCompleted>(&event)) ++completed_tasks_[task_of(e->key)], promises.happened(text_of(e->output, "tag"));
    if (const auto* e = std::get_if<TaskAssigned>(&event)) promises.happened(e->by);
    if (const auto* e = std::get_if<InstanceCancelling>(&event)) promises.happened(e->reason);
    if (const auto* e = std::get_if<InstanceSuspended>(&event)) promises.happened(e->reason);
    if (const auto* e = std::get_if<InstanceResumed>(&event)) promises.happened(e->by);
    if (const auto* e = std::get_if<IncidentResolved>(&event)) promises.happened(e->by);
    if (const auto* e = std::get_if<MessageCorrelated>(&event)) {
        ++world_.report_.messages;
        require(correlated_.insert(e->message_id).second, "message " + e->message_id + " was delivered twice");
    }
    if (const auto* e = std::get_if<ElementCompleted>(&event); e && before.at(e->key).compensates) {
        ++world_.report_.undone;
        if (before.at(e->key).job) undone_keys_.insert(before.key_prefix + "-" + e->key.str());
    }
}

/// After the fair phase only an incident that people cannot mend keeps an instance from its end.
void Checks::stuck(const core::State& state) {
    ++world_.report_.stuck;
    require(!state.incidents.empty(), "instance " + state.key.str() + " neither ended nor has an incident");
    for (const auto& [key, incident] : state.incidents) {
        const bool known = incident.kind == IncidentKind::unhandled_error || incident.kind == IncidentKind::deadlock;
        require(known, "incident " + std::string{to_string(incident.kind)} + " of instance " + state.key.str() + " stays though everything is well: " + incident.message);
    }
}

/// Whatever follows from the journal is what the journal says, and nobody has changed that.
void Checks::derived_rows() {
    const auto audit = runtime::verify_chains(memory_);
    for (const auto& broken : audit.broken) throw Violation{"the chain of instance " + broken.instance.str() + " is broken at row " + std::to_string(broken.at ? broken.at->sequence : 0) + ": " + broken.what};
    const auto check = runtime::check_rows(memory_, world_.definitions_);
    for (const auto& d : check.differences)
        throw Violation{"the row of " + d.table + " " + std::to_string(d.key) + " (instance " + d.instance.str() + ") is not what the journal says: " + d.what};
}

// ---- the world --------------------------------------------------------------------------------------------------------------

void Checks::services() {
    for (const auto& [key, entry] : world_.fleet_.ledger()) {
        require(entry.jobs.size() == 1, "two steps called " + entry.service + " with the same idempotency key");
        require(entry.effects <= 1, entry.service + " took effect " + std::to_string(entry.effects) + " times under the key " + key);
        const ElementKey job = element_of(*entry.jobs.begin());
        if (entry.effects > 0 && must_be_answered_.contains(job))
            require(answered_.contains(job), entry.service + " took effect under the key " + key + ", which the journal has forgotten: it can no longer be undone");
        if (undone_keys_.contains(key)) require(entry.effects == 1, entry.service + " was to undo a step and did nothing");
    }
    for (const auto& key : undone_keys_) require(world_.fleet_.ledger().contains(key), "the compensation " + key + " was never called");
    for (const JobKey job : world_.answered_)
        require(answered_.contains(element_of(job)), "the answer to job " + job.str() + " was called durable, and the journal knows nothing of it");
}

/// Each message was delivered, started something, is still kept, or never was published; and nobody was told otherwise.
void Checks::messages() {
    for (const auto& [id, sent] : world_.people_->messages()) {
        const auto owner = runtime::message_bucket(sent.message.name, sent.message.correlation_key, World::buckets);
        const auto row = memory_.message({owner, sent.message.name, sent.message.correlation_key, id});
        const bool is_kept = row && !row->taken;
        const int places = static_cast<int>(correlated_.contains(id)) + static_cast<int>(begun_by_.contains(id)) + static_cast<int>(is_kept);
        require(places < 2, "message " + id + " was delivered and is kept for somebody else");
        require(!sent.told.contains(Published::discarded), "message " + id + " was discarded");
        const bool was_published = sent.told.contains(Published::correlated) || sent.told.contains(Published::started) || sent.told.contains(Published::buffered);
        require(!was_published || places == 1, "message " + id + " is lost" + (row ? ", and taken for delivered" : ""));
        require(!sent.told.contains(Published::duplicate) || sent.times > 1, "message " + id + " was called a duplicate, and was sent once");
        require(was_published || sent.in_doubt > 0 || places == 0, "message " + id + " was delivered, and its sender was told that it was not published");
    }
    for (std::uint32_t b = 0; b < World::buckets; ++b)
        for (const auto& row : memory_.messages_wanted(b, 10)) throw Violation{"message " + row.key.id + " is kept although somebody waits for it"};
}

std::string World::story(std::size_t events) {
    std::string text;
    for (const auto& row : database_.memory.instances({.limit = all_rows})) {
        const model::Process& process = definitions_.by_id(row.definition)->process();
        core::State before;
        std::vector<std::string> mine;
        for (const auto& one : database_.memory.journal(row.key, {}, all_rows))
            test::begin_replay(process, before, journal::decode(one.position, one.bytes),
                               [&](const core::Event& event) { mine.push_back(test::describe(process, before, event)); });
        text += "instance " + row.key.str() + " (" + row.process + ", " + row.business_key + "), " + std::string{lifecycle::to_string(before.phase)} + "\n";
        for (std::size_t i = mine.size() > events ? mine.size() - events : 0; i < mine.size(); ++i) text += mine[i] + "\n";
    }
    return text;
}

}  // namespace kontor::simulation

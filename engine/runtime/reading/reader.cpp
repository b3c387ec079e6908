#include "runtime/reading/reader.hpp"

#include "journal/masking.hpp"

#include "runtime/reading/feed.hpp"

#include <algorithm>

namespace kontor::runtime {

State state_of(const ports::InstanceRow& row) {
    switch (row.phase) {
        case lifecycle::Instance::running: return row.has_incident ? State::incident : State::running;
        case lifecycle::Instance::suspended: return State::suspended;
        case lifecycle::Instance::cancelling: return State::cancelling;
        case lifecycle::Instance::completed: return State::completed;
        case lifecycle::Instance::cancelled: return State::cancelled;
        case lifecycle::Instance::failed: return State::failed;
    }
    return State::running;
}

namespace {

void narrow(ports::InstanceFilter& filter, State state) {
    switch (state) {
        case State::running: filter.phase = lifecycle::Instance::running; filter.has_incident = false; return;
        case State::incident: filter.phase = lifecycle::Instance::running; filter.has_incident = true; return;
        case State::suspended: filter.phase = lifecycle::Instance::suspended; return;
        case State::cancelling: filter.phase = lifecycle::Instance::cancelling; return;
        case State::completed: filter.phase = lifecycle::Instance::completed; return;
        case State::cancelled: filter.phase = lifecycle::Instance::cancelled; return;
        case State::failed: filter.phase = lifecycle::Instance::failed; return;
    }
}

std::size_t checked(int limit, int most) {
    if (limit < 1 || limit > most) throw Error{Code::bad_input, "limit must be from 1 to " + std::to_string(most) + ", not " + std::to_string(limit)};
    return static_cast<std::size_t>(limit);
}

/// One more than wanted is read, to know whether there is more.
template <class Info, class Row, class ToInfo>
Page<Info> page_of(const std::vector<Row>& rows, std::size_t limit, ToInfo to_info) {
    Page<Info> page;
    for (std::size_t i = 0; i < std::min(rows.size(), limit); ++i) page.items.push_back(to_info(rows[i]));
    if (rows.size() > limit) page.next = Cursor{page.items.back().key.str()};
    return page;
}

template <class K>
K key_of(const std::optional<Cursor>& cursor) {
    return cursor ? K::parse(cursor->text) : K{};
}

}  // namespace

std::optional<ports::JournalRow> Reader::row_at(core::Position place) const {
    if (place.sequence == 0 || place.bucket >= store_.info().buckets) return std::nullopt;
    auto rows = store_.journal_of_bucket(place.bucket, place.sequence, 1);
    if (rows.empty() || rows.front().position != place) return std::nullopt;
    return std::move(rows.front());
}

/// A key names the row that made the thing, and the row names its instance.
InstanceKey Reader::instance_of(std::uint64_t key, std::string_view what) const {
    const auto row = row_at(core::created_at(core::ElementKey{key}));
    if (!row) throw Error{Code::not_found, "there is no " + std::string{what} + " " + std::to_string(key)};
    return row->instance;
}

InstanceInfo Reader::info_of(const ports::InstanceRow& row) const {
    const auto version = definitions_.by_id(row.definition);
    return {row.key, row.process, version ? version->number : 0, row.business_key, state_of(row), row.started, row.changed};
}

std::optional<InstanceInfo> Reader::find(InstanceKey key) const {
    const auto row = store_.instance(key);
    if (!row) return std::nullopt;
    return info_of(*row);
}

std::optional<InstanceKey> Reader::started(std::string_view request_id) const {
    const auto request = store_.request(request_id);
    if (!request) return std::nullopt;
    return InstanceKey::parse(request->answer);
}

Live Reader::read(InstanceKey key) const {
    auto live = core::created_at(key).bucket < store_.info().buckets ? read_instance(store_, definitions_, key) : std::nullopt;
    if (!live) throw Error{Code::not_found, "there is no instance " + key.str()};
    return std::move(*live);
}

Variables Reader::variables(InstanceKey key) const { return read(key).state.scope(core::root_of(key)).variables; }

Variables Reader::masked_variables(InstanceKey key) const {
    const Live live = read(key);
    return journal::Masking{live.version->process()}.variables(live.state.scope(core::root_of(key)).variables);
}

std::vector<std::string> Reader::waits(InstanceKey key) const {
    const Live live = read(key);
    const model::Process& process = live.version->process();
    std::vector<std::string> ids;
    if (live.state.ended()) return ids;
    for (const auto& [element, instance] : live.state.elements)
        if (!instance.content) ids.push_back(process[instance.element].id);
    for (const auto& [wait, what] : live.state.waits) {
        const std::string& id = process[what.element].id;
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    }
    return ids;
}

Variables Reader::input(TaskKey key) const {
    const Live live = read(instance_of(key.value, "user task"));
    const core::ElementInstance* at = live.state.find(core::element_of(key));
    if (!at || !at->task) throw Error{Code::not_found, "user task " + key.str() + " is done or was withdrawn"};
    return at->task->input;
}

Page<InstanceInfo> Reader::instances(const InstanceQuery& q) const {
    const std::size_t limit = checked(q.limit, 1000);
    ports::InstanceFilter filter{q.process, {}, {}, q.business_key, q.started_from, q.started_before, key_of<InstanceKey>(q.after), limit + 1};
    if (q.state) narrow(filter, *q.state);
    return page_of<InstanceInfo>(store_.instances(filter), limit,
                                 [this](const ports::InstanceRow& row) { return info_of(row); });
}

Page<TaskInfo> Reader::tasks(const TaskQuery& q) const {
    const std::size_t limit = checked(q.limit, 1000);
    const ports::TaskFilter filter{q.candidate_group, q.candidate_user, q.assignee, q.instance, key_of<TaskKey>(q.after), limit + 1};
    return page_of<TaskInfo>(store_.tasks(filter), limit, [](const ports::TaskRow& row) {
        return TaskInfo{row.key, row.instance, row.process, row.element, row.assignee, row.candidate_groups, row.candidate_users, row.created, row.due};
    });
}

Page<IncidentInfo> Reader::incidents(const IncidentQuery& q) const {
    const std::size_t limit = checked(q.limit, 1000);
    const ports::IncidentFilter filter{q.process, q.instance, q.element, q.kind, q.raised_before, key_of<IncidentKey>(q.after), limit + 1};
    return page_of<IncidentInfo>(store_.incidents(filter), limit, [](const ports::IncidentRow& row) {
        return IncidentInfo{row.key, row.instance, row.process, row.element, row.kind, row.message, row.raised};
    });
}

/// A history's cursor is the sequence number of the last row that was shown: all rows of an instance are in one bucket.
Page<Event> Reader::history(const HistoryQuery& q) const {
    const std::size_t limit = checked(q.limit, 10'000);
    core::Position after{core::created_at(q.instance).bucket, 0};
    if (q.after) after.sequence = Key<InstanceTag>::parse(q.after->text).value;
    if (!store_.instance(q.instance)) throw Error{Code::not_found, "there is no instance " + q.instance.str()};
    const auto rows = store_.journal(q.instance, after, limit + 1);
    Page<Event> page;
    EventReader reader{store_, definitions_};
    for (std::size_t i = 0; i < std::min(rows.size(), limit); ++i)
        for (auto& event : reader.events(rows[i])) {
            event.position = Cursor{std::to_string(rows[i].position.sequence)};
            page.items.push_back(std::move(event));
        }
    if (rows.size() > limit) page.next = Cursor{std::to_string(rows[limit - 1].position.sequence)};
    return page;
}

}  // namespace kontor::runtime

#include "store/postgresql/pipeline.hpp"
#include "store/postgresql/postgresql_store.hpp"
#include "store/postgresql/rows.hpp"
#include "store/postgresql/sqlstate.hpp"
#include "store/shared/validity.hpp"

#include <algorithm>

namespace kontor::store::postgresql {

namespace {

/// The buckets are moved in one statement; the division fails unless all of them were, and with it the whole pipeline.
const std::string fence =
    "with given as (select unnest(:ids) as id, unnest(:epochs) as epoch, unnest(:starts) as start, unnest(:ends) as stop, "
    "unnest(:settled) as settled, unnest(:known) as known), moved as (update bucket b set next_sequence = g.stop, batch = :batch from given g "
    "where b.id = g.id and b.epoch = g.epoch and b.next_sequence = g.start and b.settled = g.settled and b.batch >= g.known returning 1) "
    "select 1 / (case when count(*) = :count then 1 else 0 end) from moved";

void pass_fence(Pipeline& pipeline, const ports::Batch& batch, const Settlement& settlement, const Confirmed& confirmed) {
    if (batch.advances.empty()) return;
    auto advances = batch.advances;
    std::ranges::sort(advances, {}, &ports::Advance::bucket);   // two commits lock their rows in the same order
    Lists lists{Kind::number, Kind::number, Kind::number, Kind::number, Kind::number, Kind::number};
    for (const auto& advance : advances)
        lists.add({advance.bucket, advance.epoch, advance.start, advance.end, settlement.of(advance.bucket), confirmed.batch_of(advance)});
    Parameters parameters = std::move(lists).take();
    parameters.add(Argument{batch.number});
    parameters.add(Argument{advances.size()});
    pipeline.add(fence, std::move(parameters));
}

template <class Row>
void insert(Pipeline& pipeline, const std::vector<Row>& rows) {
    if (!rows.empty()) pipeline.add(insertion<Row>(), columns_of<Row>(rows));
}

/// What a step changes of an instance's row. An `insert ... on conflict do update` would look for the row, lock it and log the lock first: it
/// takes half as much again. The logarithm fails, and with it the whole pipeline, unless all rows were there.
const std::string move_on =
    "with moved as (update instance i set definition = g.definition, phase = g.phase, active = g.active, has_incident = g.has_incident, "
    "changed = g.changed, row_count = g.row_count, last = g.last, head = g.head from (select unnest(:keys) as key, "
    "unnest(:definitions) as definition, unnest(:phases) as phase, unnest(:active) as active, unnest(:has_incident) as has_incident, "
    "unnest(:changed) as changed, unnest(:row_counts) as row_count, unnest(:last) as last, unnest(:heads) as head) as g "
    "where i.key = g.key returning 1) select ln(case when count(*) = :count then 1 else 0 end) from moved";

bool is_begun_by(const ports::Batch& batch, InstanceKey instance) {
    const auto created = core::created_at(instance);
    return std::ranges::any_of(batch.advances, [&](const ports::Advance& advance) {
        return advance.bucket == created.bucket && advance.start <= created.sequence && created.sequence < advance.end;
    });
}

void write_instances(Pipeline& pipeline, const ports::Batch& batch, Expected expected) {
    std::vector<const ports::InstanceRow*> others;
    Lists moved{Kind::number, Kind::text, Kind::text, Kind::number, Kind::number, Kind::number, Kind::number, Kind::number, Kind::bytes};
    for (const auto& row : batch.instances) {
        if (expected == Expected::nothing || is_begun_by(batch, row.key)) others.push_back(&row);
        else moved.add({row.key, row.definition, row.phase, row.active, row.has_incident, row.changed, row.rows, row.last, row.head});
    }
    if (!others.empty()) pipeline.add(insertion<ports::InstanceRow>(), columns_of<ports::InstanceRow>(others));
    if (moved.empty()) return;
    const std::size_t count = moved.rows();
    Parameters parameters = std::move(moved).take();
    parameters.add(Argument{count});
    pipeline.add(move_on, std::move(parameters));
}

void write_tasks(Pipeline& pipeline, const ports::Batch& batch) {
    static const std::string forget = "delete from task_candidate where task = any(:tasks)";
    static const std::string remember = "insert into task_candidate (task, kind, name) select unnest(:tasks), unnest(:kinds), unnest(:names) "
                                        "on conflict (task, kind, kontor_digest(name)) do nothing";
    insert(pipeline, batch.tasks);
    Lists forgotten{Kind::number};
    Lists candidates{Kind::number, Kind::text, Kind::text};
    for (const auto& task : batch.tasks) {
        forgotten.add({task.key});
        for (const auto& group : task.candidate_groups) candidates.add({task.key, std::string_view{"group"}, group});
        for (const auto& user : task.candidate_users) candidates.add({task.key, std::string_view{"user"}, user});
    }
    for (const TaskKey key : batch.tasks_gone) forgotten.add({key});
    if (!forgotten.empty()) pipeline.add(forget, std::move(forgotten).take());
    if (!candidates.empty()) pipeline.add(remember, std::move(candidates).take());
}

void write_rows(Pipeline& pipeline, const ports::Batch& batch, Expected expected) {
    insert(pipeline, batch.journal);
    write_instances(pipeline, batch, expected);
    insert(pipeline, batch.snapshots);
    insert(pipeline, batch.timers);
    insert(pipeline, batch.subscriptions);
    write_tasks(pipeline, batch);
    insert(pipeline, batch.incidents);
    insert(pipeline, batch.inbox);
    insert(pipeline, batch.replies);
    insert(pipeline, batch.messages);
    insert(pipeline, batch.requests);
}

template <class Keys>
void remove(Pipeline& pipeline, const std::string& sql, const Keys& keys) {
    Lists gone{Kind::number};
    for (const auto key : keys) gone.add({key});
    if (!gone.empty()) pipeline.add(sql, std::move(gone).take());
}

void remove_rows(Pipeline& pipeline, const ports::Batch& batch) {
    static const std::string timers = "delete from timer where key = any(:keys)";
    static const std::string subscriptions = "delete from subscription where key = any(:keys)";
    static const std::string tasks = "delete from task where key = any(:keys)";
    static const std::string incidents = "delete from incident where key = any(:keys)";
    static const std::string inbox = "delete from inbox i using unnest(:buckets, :ids) as g (bucket, id) where i.bucket = g.bucket and {i.id = g.id}";
    static const std::string messages =
        "delete from message m using unnest(:buckets, :names, :correlation_keys, :ids) as g (bucket, name, correlation_key, id) "
        "where m.bucket = g.bucket and {m.name = g.name} and {m.correlation_key = g.correlation_key} and {m.id = g.id}";
    remove(pipeline, timers, batch.timers_gone);
    remove(pipeline, subscriptions, batch.subscriptions_gone);
    remove(pipeline, tasks, batch.tasks_gone);
    remove(pipeline, incidents, batch.incidents_gone);
    Lists consumed{Kind::number, Kind::text};
    for (const auto& [bucket, id] : batch.inbox_consumed) consumed.add({bucket, id});
    if (!consumed.empty()) pipeline.add(inbox, std::move(consumed).take());
    Lists gone{Kind::number, Kind::text, Kind::text, Kind::text};
    for (const auto& key : batch.messages_gone) gone.add({key.bucket, key.name, key.correlation_key, key.id});
    if (!gone.empty()) pipeline.add(messages, std::move(gone).take());
}

}  // namespace

ports::CommitResult PostgresqlStore::commit(const ports::Batch& batch) noexcept {
    try {
        if (auto why = defect(batch, info_.buckets)) return ports::CommitRefused{std::move(*why)};
        if (reads_only_) return ports::CommitRefused{name() + " was opened for reading only"};
        require_sound();
        return writers_.with([&](Connection& connection) { return write(connection, batch); });
    } catch (const Error& error) {
        if (error.code() == Code::bad_input) return ports::CommitRefused{error.what()};
        return ports::CommitUnavailable{error.what()};
    } catch (const Failure& failure) {   // of what goes before and between attempts
        return ports::CommitUnavailable{explain(name(), failure)};
    } catch (const std::exception& error) {
        return ports::CommitUnavailable{error.what()};
    }
}

ports::CommitResult PostgresqlStore::write(Connection& connection, const ports::Batch& batch) {
    // Once more if what was believed of the database was wrong.
    if (auto result = try_to_write(connection, batch, Expected::rows_of_instances)) return std::move(*result);
    if (auto result = try_to_write(connection, batch, Expected::nothing)) return std::move(*result);
    return ports::CommitUnavailable{name() + ": another process changes the store at the same time"};
}

std::optional<ports::CommitResult> PostgresqlStore::try_to_write(Connection& connection, const ports::Batch& batch, Expected expected) {
    partitions_.ensure(connection, batch.journal);
    Pipeline pipeline{connection};
    pass_fence(pipeline, batch, settlement_, confirmed_);
    write_rows(pipeline, batch, expected);
    remove_rows(pipeline, batch);
    try {
        pipeline.run();
        confirmed_.note(batch);
        return ports::Committed{};
    } catch (const Failure& failure) {
        if (!pipeline.sent()) throw;
        if (failure.lost()) {
            if (!connection.alive()) settlement_.note_lost(connection.backend());
            return classify(name(), failure);
        }
        if (failure.sqlstate() == sqlstate::division_by_zero) {
            if (has_new_settlement(connection, batch)) return std::nullopt;
            if (has_forgotten(connection, batch)) refuse_from_now_on(connection);
            return ports::Fenced{};
        }
        if (failure.sqlstate() == sqlstate::logarithm_of_zero && expected != Expected::nothing) return std::nullopt;
        if (failure.sqlstate() == sqlstate::check_violation && partitions_.forget()) return std::nullopt;   // the journal has no such partition
        return classify(name(), failure);
    } catch (const std::exception& error) {
        if (!pipeline.sent()) throw;
        settlement_.note_lost(connection.backend());
        return ports::CommitUnknown{error.what()};
    }
}

/// Whether the fence held only since the numbers of Settlement were old: an outcome() was answered, and its answer lost.
bool PostgresqlStore::has_new_settlement(Connection& connection, const ports::Batch& batch) {
    bool is_new = false;
    for (const auto& advance : batch.advances) {
        const auto rows = connection.numbers("select settled from bucket where id = :id and epoch = :epoch and next_sequence = :start", 1,
                                             {advance.bucket, advance.epoch, advance.start});
        if (rows.empty()) return false;
        is_new = is_new || rows[0][0] != settlement_.of(advance.bucket);
        settlement_.set(advance.bucket, rows[0][0]);
    }
    return is_new;
}

}  // namespace kontor::store::postgresql

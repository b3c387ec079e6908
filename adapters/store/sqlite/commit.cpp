#include "store/shared/validity.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace kontor::store {

ports::CommitResult SqliteStore::commit(const ports::Batch& batch) noexcept {
    try {
        if (auto why = defect(batch, info_.buckets)) return ports::CommitRefused{std::move(*why)};
        const std::lock_guard lock{writing_};
        if (!writer_) return ports::CommitRefused{"sqlite:" + file_ + " was opened for reading only"};
        return write(batch);
    } catch (const std::exception& error) {   // out of memory; the transaction was rolled back on the way here
        return ports::CommitUnavailable{error.what()};
    }
}

ports::CommitResult SqliteStore::write(const ports::Batch& batch) {
    auto stage = Stage::writing;
    try {
        Transaction transaction{*writer_};
        if (!pass_fence(*writer_, batch)) return ports::Fenced{};
        write_rows(*writer_, batch);
        remove_rows(*writer_, batch);
        stage = Stage::committing;
        transaction.commit();
        unsettled_ = false;
        return ports::Committed{};
    } catch (const soci::soci_error& error) {
        auto answer = classify(file_, error, stage);
        if (std::holds_alternative<ports::CommitUnknown>(answer)) unsettled_ = true;
        return answer;
    }
}

bool SqliteStore::pass_fence(Connection& writer, const ports::Batch& batch) {
    static const std::string sql =
        "update bucket set next_sequence = :end, batch = :batch where id = :id and epoch = :epoch and next_sequence = :start";
    for (const auto& advance : batch.advances) {
        if (writer.execute(sql, {advance.end, batch.number, advance.bucket, advance.epoch, advance.start}) != 1) return false;
    }
    return true;
}

void SqliteStore::write_rows(Connection& writer, const ports::Batch& batch) {
    writer.insert(batch.journal);
    write_instances(writer, batch.instances);
    writer.insert(batch.snapshots);
    writer.insert(batch.timers);
    writer.insert(batch.subscriptions);
    write_tasks(writer, batch);
    writer.insert(batch.incidents);
    writer.insert(batch.inbox);
    writer.insert(batch.replies);
    writer.insert(batch.messages);
    writer.insert(batch.requests);
}

/// Most steps move an instance on and change nothing by which it is looked up: replacing its row would write every index anew.
void SqliteStore::write_instances(Connection& writer, const std::vector<ports::InstanceRow>& rows) {
    static const std::string move_on =
        "update instance set changed = :changed, row_count = :row_count, last = :last, head = cast(:head as blob) "
        "where key = :key and phase = :phase and active = :active and has_incident = :has_incident";
    std::vector<ports::InstanceRow> others;
    for (const auto& row : rows) {
        const bool is_new = row.rows <= 1;
        if (is_new || writer.execute(move_on, {row.changed, row.rows, row.last, row.head, row.key, row.phase, row.active, row.has_incident}) == 0)
            others.push_back(row);
    }
    writer.insert(others);
}

void SqliteStore::write_tasks(Connection& writer, const ports::Batch& batch) {
    static const std::string forget = "delete from task_candidate where task = :task";
    static const std::string remember = "insert into task_candidate (task, kind, name) values (:task, :kind, :name) on conflict do nothing";
    writer.insert(batch.tasks);
    for (const auto& task : batch.tasks) {
        writer.execute(forget, {task.key});
        for (const auto& group : task.candidate_groups) writer.execute(remember, {task.key, std::string_view{"group"}, group});
        for (const auto& user : task.candidate_users) writer.execute(remember, {task.key, std::string_view{"user"}, user});
    }
    for (const TaskKey key : batch.tasks_gone) writer.execute(forget, {key});
}

void SqliteStore::remove_rows(Connection& writer, const ports::Batch& batch) {
    static const std::string timer = "delete from timer where key = :key";
    static const std::string subscription = "delete from subscription where key = :key";
    static const std::string task = "delete from task where key = :key";
    static const std::string incident = "delete from incident where key = :key";
    static const std::string inbox = "delete from inbox where bucket = :bucket and id = :id";
    static const std::string message =
        "delete from message where bucket = :bucket and name = :name and correlation_key = :correlation_key and id = :id";
    for (const std::uint64_t key : batch.timers_gone) writer.execute(timer, {key});
    for (const auto key : batch.subscriptions_gone) writer.execute(subscription, {key});
    for (const auto key : batch.tasks_gone) writer.execute(task, {key});
    for (const auto key : batch.incidents_gone) writer.execute(incident, {key});
    for (const auto& [bucket, id] : batch.inbox_consumed) writer.execute(inbox, {bucket, id});
    for (const auto& key : batch.messages_gone) writer.execute(message, {key.bucket, key.name, key.correlation_key, key.id});
}

ports::Outcome SqliteStore::outcome(const ports::Batch& batch) {
    const std::lock_guard lock{writing_};
    if (!writer_) throw Error{Code::forbidden, "sqlite:" + file_ + " was opened for reading only"};
    try {
        settle(*writer_);
        std::optional<ports::Outcome> answer;
        for (const auto& advance : batch.advances) {
            const auto rows = writer_->numbers("select epoch, next_sequence, batch from bucket where id = :id", 3, {advance.bucket});
            if (rows.empty()) throw Error{Code::bad_input, "there is no bucket " + std::to_string(advance.bucket)};
            const auto at = [&](std::size_t n) { return static_cast<std::uint64_t>(rows[0][n]); };
            answer = together(answer, judge(advance, batch.number, {.epoch = at(0), .next_sequence = at(1), .batch = at(2)}));
        }
        return answer.value_or(ports::Outcome::committed);
    } catch (const soci::soci_error& error) {
        throw Error{Code::unavailable, explain(file_, error)};
    }
}

/// When the sync of a commit fails, SQLite counts the batch as not committed, but its pages may stand whole at the end of the WAL, and a
/// start after a crash would find them and count them in. One small commit more takes their place, for good.
void SqliteStore::settle(Connection& writer) {
    if (!unsettled_) return;
    Transaction transaction{writer};
    writer.execute("update store set settled = settled + 1", {});
    transaction.commit();
    unsettled_ = false;
}

}  // namespace kontor::store

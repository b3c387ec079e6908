// Who may write, and what became of what he wrote.
#include "store/postgresql/postgresql_store.hpp"
#include "store/shared/validity.hpp"

namespace kontor::store::postgresql {

ports::Lease PostgresqlStore::take(std::uint32_t bucket, std::string_view node) {
    require_text("the name of the node", node);
    if (bucket >= info_.buckets) throw Error{Code::bad_input, "there is no bucket " + std::to_string(bucket)};
    const auto row = writing([&](Connection& connection) {
        return connection.numbers("update bucket set epoch = epoch + 1, node = :node where id = :id returning epoch, next_sequence, settled", 3,
                                  {node, bucket});
    }).at(0);
    settlement_.set(bucket, row[2]);
    return {.bucket = bucket, .epoch = static_cast<std::uint64_t>(row[0]), .next_sequence = static_cast<std::uint64_t>(row[1])};
}

ports::Outcome PostgresqlStore::outcome(const ports::Batch& batch) {
    return writing([&](Connection& connection) {
        settlement_.end_lost(connection);
        for (const auto& advance : batch.advances) {
            if (advance.bucket >= info_.buckets) throw Error{Code::bad_input, "there is no bucket " + std::to_string(advance.bucket)};
            // Waits behind a backend that holds the row, and makes void what one has not begun with yet.
            const auto rows = connection.numbers("update bucket set settled = settled + 1 where id = :id and epoch = :epoch "
                                                 "returning next_sequence, batch, settled", 3, {advance.bucket, advance.epoch});
            if (rows.empty()) return ports::Outcome::fenced;
            settlement_.set(advance.bucket, rows[0][2]);
            const auto answer = judge(advance, batch.number, {.epoch = advance.epoch,
                                                              .next_sequence = static_cast<std::uint64_t>(rows[0][0]),
                                                              .batch = static_cast<std::uint64_t>(rows[0][1])});
            if (answer != ports::Outcome::committed) return answer;
        }
        return ports::Outcome::committed;
    });
}

}  // namespace kontor::store::postgresql

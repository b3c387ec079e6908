// Who has the buckets. Whoever opens the file is its only owner: nodes of other processes that stand in it are gone.
#include "store/shared/validity.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace kontor::store {
namespace {

ports::Lease give(Connection& writer, std::uint32_t bucket, std::string_view node) {
    writer.execute("update bucket set epoch = epoch + 1, batch = 0, node = :node where id = :id", {node, bucket});
    const auto row = writer.numbers("select epoch, next_sequence from bucket where id = :id", 2, {bucket}).at(0);
    return {.bucket = bucket, .epoch = static_cast<std::uint64_t>(row[0]), .next_sequence = static_cast<std::uint64_t>(row[1])};
}

}  // namespace

ports::Lease SqliteStore::take(std::uint32_t bucket, std::string_view node) {
    require_text("the name of the node", node);
    if (bucket >= info_.buckets) throw Error{Code::bad_input, "there is no bucket " + std::to_string(bucket)};
    return transact([&](Connection& writer) { return give(writer, bucket, node); });
}

ports::Census SqliteStore::renew(const ports::Node& node, Duration lease) {
    require_text("the name of the node", node.id);
    Presences here;
    {
        const std::lock_guard lock{writing_};
        presences_.renew(node, lease);
        here = presences_.at_this_moment();
    }
    // Only reads: a host's own transaction in the same file does not wait for this.
    return read([&](Connection& connection) {
        ports::Census census{.nodes = here.nodes(), .buckets = {}, .deployments = 0};
        census.deployments = static_cast<std::size_t>(connection.numbers("select count(*) from deployment", 1, {}).at(0).at(0));
        connection.query("select node, epoch from bucket order by id", {}, std::array{Kind::text, Kind::number}, [&](const Cells& cells) {
            census.buckets.push_back({cells[0].text, static_cast<std::uint64_t>(cells[1].number), !here.is_here(cells[0].text)});
        });
        return census;
    });
}

std::optional<ports::Lease> SqliteStore::take_free(std::uint32_t bucket, std::string_view node, std::uint64_t epoch) {
    require_text("the name of the node", node);
    if (bucket >= info_.buckets) throw Error{Code::bad_input, "there is no bucket " + std::to_string(bucket)};
    return transact([&](Connection& writer) -> std::optional<ports::Lease> {
        bool may_take = false;
        writer.query("select node, epoch from bucket where id = :id", std::array{Argument{bucket}}, std::array{Kind::text, Kind::number},
                     [&](const Cells& cells) {
                         const bool has_owner = cells[0].text != node && presences_.is_here(cells[0].text);
                         may_take = !has_owner && cells[1].number == static_cast<std::int64_t>(epoch);
                     });
        return may_take ? std::optional{give(writer, bucket, node)} : std::nullopt;
    });
}

void SqliteStore::release(std::uint32_t bucket, std::uint64_t epoch) {
    transact([&](Connection& writer) { return writer.execute("update bucket set node = '' where id = :id and epoch = :epoch", {bucket, epoch}); });
}

void SqliteStore::leave(std::string_view node) {
    require_text("the name of the node", node);
    transact([&](Connection& writer) {
        presences_.leave(node);
        return writer.execute("update bucket set node = '' where node = :node", {node});
    });
}

}  // namespace kontor::store

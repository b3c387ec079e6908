#include "store/postgresql/open_postgresql.hpp"

#include "store/postgresql/durability.hpp"
#include "store/postgresql/migrate.hpp"
#include "store/postgresql/postgresql_store.hpp"
#include "store/shared/validity.hpp"

#include <thread>

namespace kontor::store {

namespace postgresql {

namespace {

constexpr std::chrono::milliseconds between_looks{50};   // the server itself is asked less often

/// Waits for a server that is there and lets nobody in yet; one that does not answer may be a wrong address.
template <class Work>
auto patiently(std::chrono::milliseconds patience, const Work& work) {
    bool was_there = false;
    for (const auto end = std::chrono::steady_clock::now() + patience;; std::this_thread::sleep_for(between_looks)) try {
        return work();
    } catch (const NotReady&) {
        was_there = true;
        if (std::chrono::steady_clock::now() >= end) throw;
    } catch (const Error& error) {   // between stopping and starting it is away for a moment
        if (!was_there || error.code() != Code::unavailable || std::chrono::steady_clock::now() >= end) throw;
    }
}

}  // namespace

PostgresqlStore::PostgresqlStore(Address address, const Options& options)
    : connector_{address.for_session(new_store_id()), options.busy_timeout},
      reads_only_{options.access == Access::reader},
      restores_{options.restored},
      writers_{options.write_connections, [this] { return connector_.connect(Connection::Role::writer); }},
      readers_{options.read_connections, [this] { return connector_.connect(reads_only_ ? Connection::Role::onlooker : Connection::Role::reader); }} {
    const auto read = [&](Connection& connection) { return read_info(connection, name()); };
    const auto make = [&](Connection& connection) {
        auto info = migrate(connection, name(), options);
        info.warnings = warnings_about(connection, name());
        return info;
    };
    try {
        info_ = patiently(options.patience, [&] { return reads_only_ ? readers_.with(read) : writers_.with(make); });
    } catch (const Failure& failure) {
        throw error_of(name(), failure);
    }
}

}  // namespace postgresql

namespace {

constexpr std::chrono::milliseconds patience{5000};

void on(const std::string& address, const std::string& sql) {
    postgresql::Connector connector{postgresql::Address{address}, patience};
    const auto connection = connector.connect(postgresql::Connection::Role::writer);
    try {
        connection->run(sql);
    } catch (const postgresql::Failure& failure) {
        throw postgresql::error_of(connector.name(), failure);
    }
}

}  // namespace

std::unique_ptr<ports::Store> open_postgresql(std::string_view connection, const Options& options) {
    return std::make_unique<postgresql::PostgresqlStore>(postgresql::Address{connection}, options);
}

ScratchSchema::ScratchSchema(std::string_view connection)
    : outside_{connection}, schema_{"kontor_" + new_store_id()}, inside_{postgresql::Address{connection}.in_schema(schema_).connection(patience)} {
    on(outside_, "create schema " + schema_);
}

ScratchSchema::~ScratchSchema() {
    try {
        on(outside_, "drop schema " + schema_ + " cascade");
    } catch (const std::exception&) {   // the server is gone; the schema's name tells whose it is
    }
}

}  // namespace kontor::store

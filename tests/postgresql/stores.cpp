#include "store_suite/stores.hpp"

#include "postgresql_server/server.hpp"
#include "store/postgresql/open_postgresql.hpp"

namespace kontor::test {

namespace {

class PostgresqlPlace : public Place {
public:
    [[nodiscard]] bool is_durable() const override { return true; }
    std::unique_ptr<ports::Store> open(const store::Options& options) override { return store::open_postgresql(schema_.connection(), options); }

private:
    store::ScratchSchema schema_{Server::instance().url()};
};

}  // namespace

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all{{"postgresql", [] { return std::make_unique<PostgresqlPlace>(); }}};
    return all;
}

}  // namespace kontor::test

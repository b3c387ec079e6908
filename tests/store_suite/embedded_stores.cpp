#include "store_suite/stores.hpp"

namespace kontor::test {

namespace {

class MemoryPlace : public Place {
public:
    [[nodiscard]] bool is_durable() const override { return false; }
    std::unique_ptr<ports::Store> open(const store::Options& options) override { return store::open_store("memory:", options); }
};

class SqlitePlace : public Place {
public:
    [[nodiscard]] bool is_durable() const override { return true; }
    std::unique_ptr<ports::Store> open(const store::Options& options) override {
        return store::open_store("sqlite:" + folder_.path("a store.db"), options);
    }

private:
    Folder folder_;
};

}  // namespace

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all{{"memory", [] { return std::make_unique<MemoryPlace>(); }},
                                       {"sqlite", [] { return std::make_unique<SqlitePlace>(); }}};
    return all;
}

}  // namespace kontor::test

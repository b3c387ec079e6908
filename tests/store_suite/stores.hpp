#pragma once
/// The stores that the suite is run on.
#include "ports/store.hpp"
#include "store/open.hpp"
#include "support/folder.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kontor::test {

/// A place for one store, where it can be opened again.
class Place {
public:
    virtual ~Place() = default;
    [[nodiscard]] virtual bool is_durable() const = 0;
    virtual std::unique_ptr<ports::Store> open(const store::Options& options = {}) = 0;
};

struct Kind {
    std::string name;
    std::function<std::unique_ptr<Place>()> make;
};
const std::vector<Kind>& kinds();

}  // namespace kontor::test

/// In a test case: runs it once for each store, with a fresh `place`.
#define FOR_EVERY_STORE                                                  \
    const auto& kind = GENERATE(from_range(::kontor::test::kinds()));    \
    INFO("store: " << kind.name);                                        \
    const auto place = kind.make()

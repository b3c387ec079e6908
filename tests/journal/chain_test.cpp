#include "journal/chain.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::journal;

namespace {

const InstanceKey instance{core::KeyMaker{{3, 5}}.next<InstanceKey>()};

/// Rows of one instance, chained; their bytes are constants.
std::vector<ChainedRow> five_rows() {
    std::vector<ChainedRow> rows;
    Link link = first_link(instance);
    for (const std::string_view bytes : {"one", "two", "three", "four", "five"}) {
        const core::Position position{3, 5 + 10 * rows.size()};
        link = extend(link, position, bytes);
        rows.push_back({position, bytes, link});
    }
    return rows;
}

}  // namespace

TEST_CASE("a chain is for ever: the same rows give the same links in every version") {
    CHECK(first_link({1}).str() == "2f3ad0935833d83072a7c61ec0adf3a03d6421e73d29729137e4ab7527b93321");
    CHECK(extend(first_link({1}), {3, 17}, "bytes").str() == "9fb7d4e958751fdedd43a1b8ad6a61e8c5d25674e718e8cf6a4493b625b17eac");
}

TEST_CASE("whole rows are found whole, and the head tells how far") {
    const auto rows = five_rows();
    CHECK_FALSE(verify(instance, rows));

    ChainVerifier verifier{instance};
    for (const auto& row : rows) CHECK(verifier.add(row));
    CHECK(verifier.head() == rows.back().link);
    CHECK(verifier.length() == 5);
}

TEST_CASE("a change breaks the chain at its row") {
    auto rows = five_rows();
    SECTION("other bytes") { rows[2].bytes = "Three"; }
    SECTION("another place") { rows[2].position.sequence += 1; }
    SECTION("another link") { rows[2].link.hash[31] ^= std::byte{1}; }
    CHECK(verify(instance, rows) == rows[2].position);
}

TEST_CASE("missing, doubled and exchanged rows break the chain") {
    auto rows = five_rows();
    const auto third = rows[2].position;
    const auto fourth = rows[3].position;
    SECTION("missing") {
        rows.erase(rows.begin() + 2);
        CHECK(verify(instance, rows) == fourth);
    }
    SECTION("doubled") {
        rows.insert(rows.begin() + 2, rows[2]);
        CHECK(verify(instance, rows) == third);
    }
    SECTION("exchanged") {
        std::swap(rows[2], rows[3]);
        CHECK(verify(instance, rows) == fourth);
    }
    SECTION("of another instance") { CHECK(verify({instance.value + 1}, rows) == rows[0].position); }
}

TEST_CASE("rows cut off at the end show in the head only") {
    auto rows = five_rows();
    const Link kept_apart = rows.back().link;
    rows.pop_back();
    ChainVerifier verifier{instance};
    for (const auto& row : rows) CHECK(verifier.add(row));
    CHECK(verifier.head() != kept_apart);
}

TEST_CASE("nothing behind the first broken row counts") {
    auto rows = five_rows();
    ChainVerifier verifier{instance};
    CHECK_FALSE(verifier.add(rows[1]));
    CHECK_FALSE(verifier.add(rows[0]));
    CHECK(verifier.broken_at() == rows[1].position);
    CHECK(verifier.length() == 0);
}

#include "value/actor_text.hpp"

#include <kontor/error.hpp>

#include <catch2/catch.hpp>

using namespace kontor;

namespace {

using Groups = std::vector<std::string>;

std::string refusal(std::string_view text) {
    try {
        (void)parse_actor(text, "--by");
    } catch (const Error& error) {
        CHECK(error.code() == Code::bad_input);
        return error.what();
    }
    return "taken";
}

}  // namespace

TEST_CASE("an actor is a user, with or without groups") {
    CHECK(parse_actor("alice", "--by").user == "alice");
    CHECK(parse_actor("alice", "--by").groups.empty());
    CHECK(parse_actor("alice:", "--by").groups.empty());
    CHECK(parse_actor("Zoë:risk", "--by").user == "Zoë");
    CHECK(parse_actor("alice:commercial,risk", "--by").groups == Groups{"commercial", "risk"});
    CHECK(parse_actor("alice:,risk,,audit,", "--by").groups == Groups{"risk", "audit"});
    CHECK(parse_actor("alice:a:b", "--by").groups == Groups{"a:b"});
}

TEST_CASE("groups without a user are nobody") {
    CHECK(refusal("") == "--by names nobody; write for example alice:commercial,risk");
    CHECK(refusal(":sales") == refusal(""));
}

TEST_CASE("an actor is text") {
    CHECK(refusal("\xFF:risk") == "--by is no UTF-8 text without control characters; write for example alice:commercial,risk");
    CHECK(refusal("ali\nce") == refusal("\xFF"));
}

#include "model/catching.hpp"

#include <catch2/catch.hpp>

using namespace kontor::model;

TEST_CASE("only what waits for an event has one to catch") {
    CHECK(catch_definition(StartEvent{}) != nullptr);
    CHECK(catch_definition(IntermediateCatchEvent{MessageEvent{3}}) != nullptr);
    CHECK(catch_definition(BoundaryEvent{NoneEvent{}}) != nullptr);
    CHECK(catch_definition(EndEvent{}) == nullptr);
    CHECK(catch_definition(IntermediateThrowEvent{}) == nullptr);
    CHECK(catch_definition(ReceiveTask{}) == nullptr);
}

TEST_CASE("an error is caught at a boundary and by the start of an event subprocess, and thrown errors are not caught ones") {
    CHECK(catches_error(BoundaryEvent{ErrorEvent{}}));
    CHECK(catches_error(StartEvent{ErrorEvent{{"NO_SUCH_CLIENT"}}}));
    CHECK_FALSE(catches_error(BoundaryEvent{MessageEvent{}}));
    CHECK_FALSE(catches_error(StartEvent{}));
    CHECK_FALSE(catches_error(EndEvent{ErrorEvent{{"NO_SUCH_CLIENT"}}}));
    CHECK_FALSE(catches_error(ServiceTask{}));
}

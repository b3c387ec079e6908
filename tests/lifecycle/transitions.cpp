// What may follow what, told a second time and the other way round: the machines list their rows by trigger, here they stand by state.
// Whatever is not listed must be refused.
#include "lifecycle/enumerators.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <string>

using namespace kontor::lifecycle;

namespace {

template <class S, class T>
using Expected = std::map<S, std::map<T, S>>;

template <class S, class T>
void check_every_pair(const Expected<S, T>& expected) {
    for (const S state : enumerators<S>()) {
        REQUIRE(expected.contains(state));
        for (const T trigger : enumerators<T>()) {
            INFO(to_string(state) << " - " << to_string(trigger));
            const auto& ways = expected.at(state);
            const auto way = ways.find(trigger);
            const auto reached = next(state, trigger);
            CHECK((reached ? to_string(*reached) : "refused") == (way != ways.end() ? to_string(way->second) : "refused"));
        }
    }
    REQUIRE(enumerators<S>().size() == expected.size());  // a state without a name would be skipped above
}

template <class E>
void check_names(std::size_t count) {
    std::set<std::string_view> names;
    for (const E value : enumerators<E>()) names.insert(to_string(value));
    CHECK(names.size() == count);
    for (const auto name : names) CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == name.npos);
}

}  // namespace

TEST_CASE("an instance can be suspended and resumed, and ends in one of three ways") {
    using enum Instance;
    using enum InstanceTrigger;
    check_every_pair<Instance, InstanceTrigger>({
        {running, {{suspend, suspended}, {cancel, cancelling}, {complete, completed}, {fail, failed}}},
        {suspended, {{resume, running}, {cancel, cancelling}}},
        {cancelling, {{finish_cancelling, cancelled}}},
        {completed, {}},
        {cancelled, {}},
        {failed, {}},
    });
}

TEST_CASE("an activity ends before it is compensated, and is compensated once") {
    using enum Activity;
    using enum ActivityTrigger;
    check_every_pair<Activity, ActivityTrigger>({
        {ready,
         {{activate, active}, {work_done, completing}, {complete, completed}, {interrupt, terminating}, {terminate, terminated}}},
        {active, {{work_done, completing}, {complete, completed}, {interrupt, terminating}, {terminate, terminated}}},
        {completing, {{complete, completed}, {interrupt, terminating}, {terminate, terminated}}},
        {completed, {{compensate, compensating}}},
        {terminating, {{terminate, terminated}}},
        {terminated, {{compensate, compensating}}},
        {compensating, {{finish_compensating, compensated}}},
        {compensated, {}},
    });
}

TEST_CASE("a job takes its answer in any state but an end, and only once") {
    using enum Job;
    using enum JobTrigger;
    Expected<Job, JobTrigger> expected{
        {created, {{call, calling}, {defer, deferred}, {back_off, backing_off}, {raise_incident, incident}}},
        {calling, {{call, calling}, {defer, deferred}, {back_off, backing_off}, {query, querying}, {raise_incident, incident}}},
        {deferred, {{back_off, backing_off}, {query, querying}, {raise_incident, incident}}},
        {backing_off, {{call, calling}, {raise_incident, incident}}},
        {querying, {{call, calling}, {back_off, backing_off}, {raise_incident, incident}}},
        {incident, {{call, calling}, {resolve, created}}},
    };
    for (auto& [state, ways] : expected) ways.insert({{complete, completed}, {fail, failed}, {cancel, cancelled}});
    for (const Job end : {completed, failed, cancelled}) expected[end] = {};
    check_every_pair(expected);
}

TEST_CASE("a user task can be completed without an assignee, and reassigned at any time") {
    using enum UserTask;
    using enum UserTaskTrigger;
    check_every_pair<UserTask, UserTaskTrigger>({
        {created, {{assign, assigned}, {complete, completed}, {cancel, cancelled}}},
        {assigned, {{assign, assigned}, {unassign, created}, {complete, completed}, {cancel, cancelled}}},
        {completed, {}},
        {cancelled, {}},
    });
}

TEST_CASE("an incident is resolved or withdrawn, once") {
    using enum Incident;
    using enum IncidentTrigger;
    check_every_pair<Incident, IncidentTrigger>({
        {open, {{resolve, resolved}, {withdraw, withdrawn}}},
        {resolved, {}},
        {withdrawn, {}},
    });
}

TEST_CASE("every state and trigger has a name of its own, in kebab-case") {
    check_names<Instance>(6);
    check_names<InstanceTrigger>(6);
    check_names<Activity>(8);
    check_names<ActivityTrigger>(7);
    check_names<Job>(9);
    check_names<JobTrigger>(9);
    check_names<UserTask>(4);
    check_names<UserTaskTrigger>(4);
    check_names<Incident>(3);
    check_names<IncidentTrigger>(2);
    CHECK(to_string(Job::backing_off) == "backing-off");
    CHECK(to_string(InstanceTrigger::finish_cancelling) == "finish-cancelling");
}

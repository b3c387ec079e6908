/// The crowd's audit: it must notice what is lost, doubled or stuck.
#include "crowd/applicants.hpp"
#include "crowd/report.hpp"
#include "net/server.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace loan;

namespace {

/// Two applications that ended well, as a server would tell of them.
struct Case {
    Picture picture;
    std::map<std::string, std::string> answers{
        {"/v2/process-instances/1/variables", R"({"verdict":"granted","decision":{"number":"D-1","by":"tables"},"repaid":"good"})"},
        {"/v2/process-instances/2/variables", R"({"verdict":"refused","decision":{"number":"D-2","by":"risk"},"repaid":"bad"})"},
        {"/services", R"({"credit":{"calls":3,"failed":1,"keys":2,"steps":2,"url":"http://127.0.0.1:1"}})"}};

    Case() {
        picture.instances["applicant-1"] = {{"1", "completed", "2026-03-02T09:00:00.000Z", "2026-03-02T09:00:01.500Z"}};
        picture.instances["applicant-2"] = {{"2", "completed", "2026-03-02T09:00:00.000Z", "2026-03-02T09:00:02.500Z"}};
        picture.ended = 2;
    }
    Report report() const {
        const WebServer web{"127.0.0.1:0", [&](const Request& request) {
                                const auto it = answers.find(request.path);
                                return it == answers.end() ? Response{404, "{}"} : Response{200, it->second};
                            }};
        Server server{web.url(), std::chrono::seconds{5}, {}};
        return report_on(picture, 2, server);
    }
    std::string problem() const {
        const Report found = report();
        REQUIRE(found.problems.size() == 1);
        return found.problems.front();
    }
};

}  // namespace

SCENARIO("a good end is counted") {
    const Report report = Case{}.report();
    CHECK(report.is_good());
    CHECK(report.decided.at("granted").at("tables") == 1);
    CHECK(report.repaid.at("bad").at("refused") == 1);
    CHECK(report.durations == std::vector<double>{1.5, 2.5});
    std::ostringstream table, json;
    print(table, report);
    print_json(json, report);
    CHECK(table.str().find("2 of 2 applications ended") == 0);
    CHECK(number_of(*read_object(json.str()), "p99Seconds") == 2.5);
}

SCENARIO("whatever is lost, doubled or stuck is told") {
    Case c;
    SECTION("lost") {
        c.picture.instances.erase("applicant-2");
        CHECK(c.problem() == "applicant-2 is lost: the server has no instance of it");
    }
    SECTION("started twice") {
        c.picture.instances["applicant-1"].push_back({"3", "completed", "", ""});
        CHECK(c.problem() == "applicant-1 has 2 instances");
    }
    SECTION("not at its end") {
        c.picture.instances["applicant-1"].front().state = "running";
        CHECK(c.problem() == "applicant-1 has not ended");
    }
    SECTION("ended otherwise") {
        c.picture.instances["applicant-1"].front().state = "failed";
        CHECK(c.problem() == "applicant-1 has ended as failed");
    }
    SECTION("without a decision") {
        c.answers["/v2/process-instances/1/variables"] = R"({"verdict":"granted","decision":null})";
        CHECK(c.problem() == "applicant-1 has ended without a recorded decision");
    }
    SECTION("one number for two") {
        c.answers["/v2/process-instances/2/variables"] = c.answers["/v2/process-instances/1/variables"];
        CHECK(c.problem() == "decision D-1 was given to two applications, one of them applicant-2");
    }
    SECTION("an incident") {
        c.picture.incidents.push_back({"1", "applicant-1 at check-credit: down"});
        CHECK(c.problem() == "an incident is open: applicant-1 at check-credit: down");
    }
    SECTION("a service did something twice") {
        c.answers["/services"] = R"({"credit":{"calls":3,"failed":0,"keys":3,"steps":2}})";
        CHECK(c.problem() == "service credit did 1 things twice, under two idempotency keys");
    }
    SECTION("a service that cannot be asked") {
        c.answers["/services"] = R"({"credit":{"error":"Connection refused"}})";
        CHECK(c.problem() == "service credit does not tell what it has counted: Connection refused");
    }
}

SCENARIO("applicants begin anew after the last row, under numbers of their own") {
    const Applicants applicants{KONTOR_SOURCE_DIR "/examples/data/german-credit.csv"};
    CHECK(number_of(applicants.variables(1), "amount_dm") == 1169);
    CHECK(text_of(applicants.variables(1001), "purpose") == text_of(applicants.variables(1), "purpose"));
    CHECK(number_of(applicants.variables(1001), "applicant") == 1001);
}

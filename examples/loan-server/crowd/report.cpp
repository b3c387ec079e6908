#include "crowd/report.hpp"

#include "crowd/applicants.hpp"

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeParser.h>

#include <algorithm>

namespace loan {
namespace {

double seconds_between(const std::string& from, const std::string& to) {
    const auto moment = [](const std::string& text) {
        int zone = 0;
        return Poco::DateTimeParser::parse(Poco::DateTimeFormat::ISO8601_FRAC_FORMAT, text, zone).timestamp();
    };
    return static_cast<double>(moment(to) - moment(from)) / 1e6;
}

/// Counts one application; says what is wrong with it.
class Audit {
public:
    Audit(Report& report, Server& server) : report_{report}, server_{server} {}

    void application(const std::string& name, const std::vector<Instance>& instances) {
        if (instances.size() != 1) return say(name + " has " + std::to_string(instances.size()) + " instances");
        const Instance& instance = instances.front();
        if (!instance.has_ended()) return say(name + " has not ended");
        if (instance.state != "completed") return say(name + " has ended as " + instance.state);
        const Object::Ptr variables = server_.object("GET", "/v2/process-instances/" + instance.key + "/variables");
        const std::string verdict = text_of(*variables, "verdict");
        const auto decision = variables->isObject("decision") ? variables->getObject("decision") : Object::Ptr{new Object};
        const std::string number = text_of(*decision, "number");
        if (verdict.empty() || number.empty()) return say(name + " has ended without a recorded decision");
        if (!numbers_.insert(number).second) say("decision " + number + " was given to two applications, one of them " + name);
        ++report_.decided[verdict][text_of(*decision, "by", "nobody")];
        if (const std::string repaid = text_of(*variables, "repaid"); !repaid.empty()) ++report_.repaid[repaid][verdict];
        report_.durations.push_back(seconds_between(instance.started, instance.changed));
    }

    void services() {
        const Reply reply = server_.ask("GET", "/services");
        if (reply.status == 404) return;   // another server than ours: it may have no such page
        const Object::Ptr all = read_object(reply.body);
        for (const auto& name : all->getNames()) {
            const auto service = all->getObject(name);
            if (const std::string error = text_of(*service, "error"); !error.empty()) {
                say("service " + name + " does not tell what it has counted: " + error);
                continue;
            }
            const auto count = [&](const char* what) { return static_cast<long>(number_of(*service, what)); };
            const ServiceCount& c = report_.services[name] = {count("calls"), count("failed"), count("keys"), count("steps")};
            if (c.keys != c.steps) say("service " + name + " did " + std::to_string(c.keys - c.steps) + " things twice, under two idempotency keys");
        }
    }

    void say(std::string what) { report_.problems.push_back(std::move(what)); }

private:
    Report& report_;
    Server& server_;
    std::set<std::string> numbers_;
};

}  // namespace

Report report_on(const Picture& picture, int applicants, Server& server) {
    Report report{.applicants = applicants, .ended = picture.ended};
    Audit audit{report, server};
    for (int i = 1; i <= applicants; ++i) {
        const std::string name = Applicants::business_key(i);
        const auto it = picture.instances.find(name);
        if (it == picture.instances.end()) audit.say(name + " is lost: the server has no instance of it");
        else audit.application(name, it->second);
    }
    for (const auto& incident : picture.incidents) audit.say("an incident is open: " + incident.text);
    audit.services();
    std::ranges::sort(report.durations);
    return report;
}

}  // namespace loan

#include "crowd/watch.hpp"

#include "crowd/applicants.hpp"

#include <algorithm>
#include <set>

namespace loan {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

Picture look(Server& server, int applicants) {
    std::set<std::string> ours;
    for (int i = 1; i <= applicants; ++i) ours.insert(Applicants::business_key(i));
    Object filter;
    filter.set("processDefinitionId", "consumer-credit");
    Picture picture;
    std::map<std::string, std::string> business_keys;   // by key of the instance
    server.search("/v2/process-instances/search", filter, [&](const Object& found) {
        const std::string name = text_of(found, "businessKey");
        if (!ours.contains(name)) return;
        const Instance instance{text_of(found, "processInstanceKey"), text_of(found, "detailedState"), text_of(found, "startDate"),
                                text_of(found, "changeDate")};
        business_keys[instance.key] = name;
        picture.instances[name].push_back(instance);
    });
    std::set<std::string> stuck;
    server.search("/v2/incidents/search", filter, [&](const Object& found) {
        const auto it = business_keys.find(text_of(found, "processInstanceKey"));
        if (it == business_keys.end()) return;
        picture.incidents.push_back({it->first, it->second + " at " + text_of(found, "elementId") + ": " + text_of(found, "errorMessage")});
        stuck.insert(it->second);
    });
    for (const auto& [name, instances] : picture.instances)
        if (std::ranges::all_of(instances, &Instance::has_ended)) ++picture.ended;
    picture.stuck = static_cast<int>(stuck.size());
    return picture;
}

Picture wait_for_ends(Server& server, int applicants, std::chrono::seconds patience, const std::function<void(const Picture&)>& on_look) {
    int most = -1;
    for (auto progress = Clock::now();; server.pause(200ms)) {
        Picture picture = look(server, applicants);
        on_look(picture);
        if (picture.ended + picture.stuck >= applicants) return picture;
        const int now = picture.ended + static_cast<int>(picture.instances.size());
        if (now > most) progress = Clock::now();
        most = std::max(most, now);
        if (Clock::now() - progress > patience) return picture;
    }
}

}  // namespace loan

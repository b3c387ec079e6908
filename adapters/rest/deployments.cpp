#include "rest/call.hpp"
#include "rest/multipart.hpp"

namespace kontor::rest {

web::Response deploy(const Call& call) {
    const std::string* type = call.request.header("content-type");
    std::vector<Source> sources;
    for (auto& part : read_multipart(type ? *type : "", call.request.body)) {
        if (part.file_name.empty()) throw Error{Code::bad_input, "a part of the form has no file name"};
        sources.push_back({std::move(part.file_name), std::move(part.content), false});
    }
    if (sources.empty()) throw Error{Code::bad_input, "no file was sent: multipart/form-data with the files as `resources`"};
    std::vector<Value> deployments;
    for (const auto& deployed : call.engine.deploy(sources)) {
        std::vector<Value> warnings;
        for (const auto& p : deployed.warnings) warnings.emplace_back(kontor::to_string(p));
        deployments.emplace_back(Variables{{"processDefinition", Variables{{"processDefinitionId", deployed.id},
                                                                           {"processDefinitionVersion", deployed.version},
                                                                           {"tenantId", "<default>"}}},
                                           {"unchanged", deployed.unchanged},
                                           {"warnings", std::move(warnings)}});
    }
    return json_response(Variables{{"deployments", std::move(deployments)}, {"tenantId", "<default>"}});
}

}  // namespace kontor::rest

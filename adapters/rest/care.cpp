#include "rest/call.hpp"

namespace kontor::rest {

web::Response show_topology(const Call&) { return json_response(Variables{{"gatewayVersion", "0.1.0"}, {"clusterSize", 1}}); }

web::Response show_status(const Call& call) {
    const Health health = call.engine.health();
    if (health.ready) return no_content();
    return problem(Error{Code::unavailable, health.why}, call.request.path);
}

}  // namespace kontor::rest

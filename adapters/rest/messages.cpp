#include "rest/call.hpp"

namespace kontor::rest {

void publish_message(const Call& call, Answer answer) {
    const Variables body = call.body();
    Message message{body.get<std::string>("name"), body.get_or<std::string>("correlationKey", {}), body.get_or<Variables>("variables", {}),
                    body.get_or<std::string>("messageId", {}), Duration{body.get_or<std::int64_t>("timeToLive", 0)}};
    call.engine.publish(std::move(message), [answer = std::move(answer), path = call.request.path](const Result<Published>& published) {
        if (!published) return answer(problem(published.error(), path));
        answer(json_response(Variables{{"outcome", to_string(*published)}, {"tenantId", "<default>"}}));
    });
}

}  // namespace kontor::rest

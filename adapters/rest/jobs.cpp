#include "rest/call.hpp"

namespace kontor::rest {

void complete_job(const Call& call, Answer answer) {
    call.engine.complete(call.key<JobKey>(), call.body().get_or<Variables>("variables", {}),
                         [answer = std::move(answer), path = call.request.path](const Result<void>& done) {
                             answer(done ? no_content() : problem(done.error(), path));
                         });
}

web::Response fail_job(const Call& call) {
    const Variables body = call.body();
    call.engine.fail(call.key<JobKey>(),
                     BusinessError{body.get<std::string>("errorCode"), body.get_or<std::string>("errorMessage", {}), body.get_or<Variables>("variables", {})});
    return no_content();
}

}  // namespace kontor::rest

#include "runtime/calls/handlers.hpp"

namespace kontor::runtime {
namespace {

class HandlerAdapter final : public Adapter {
public:
    HandlerAdapter(Service::Handler handler, Executor& executor)
        : handler_{std::make_shared<const Service::Handler>(std::move(handler))}, executor_{executor} {}

    void invoke(ServiceCall call, Reply reply) override {
        executor_.post([handler = handler_, call = std::move(call), reply = std::move(reply)] { answer(*handler, call, reply); });
    }

private:
    static void answer(const Service::Handler& handler, const ServiceCall& call, const Reply& reply) {
        try {
            const Answer answer = handler(call);
            if (const Variables* result = answer.variables()) reply.complete(*result);
            else reply.defer(*answer.later());
        } catch (...) {
            reply.fail(std::current_exception());
        }
    }

    std::shared_ptr<const Service::Handler> handler_;
    Executor& executor_;
};

}  // namespace

std::shared_ptr<Adapter> handler_adapter(Service::Handler handler, Executor& executor) {
    return std::make_shared<HandlerAdapter>(std::move(handler), executor);
}

}  // namespace kontor::runtime

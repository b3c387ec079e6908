#include "runtime/handlers.hpp"

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
        } catch (BusinessError& error) {
            reply.business_error(std::move(error));
        } catch (RetryLater& later) {
            reply.fail(std::move(later));
        } catch (Permanent& permanent) {
            reply.fail(std::move(permanent));
        } catch (const Error& error) {
            // Reading an input that is not there or has another type cannot get better by itself.
            if (error.code() == Code::bad_input) reply.fail(Permanent{error.what()});
            else reply.fail(std::string{error.what()});
        } catch (const std::exception& error) {
            reply.fail(std::string{error.what()});
        } catch (...) {
            reply.fail(std::string{"the handler threw something that is no exception"});
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

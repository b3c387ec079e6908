// The public face of the engine.
#include "runtime/bucket/requests.hpp"
#include "runtime/calls/service_answers.hpp"
#include "runtime/engine_impl.hpp"

#include <algorithm>
#include <fstream>
#include <future>
#include <mutex>
#include <sstream>

namespace kontor {

using runtime::actor_of;

template <class T>
T Engine::Impl::wait(const std::function<void(Then<T>)>& begin) {
    auto promise = std::make_shared<std::promise<Result<T>>>();
    auto future = promise->get_future();
    begin([promise](Result<T> result) { promise->set_value(std::move(result)); });
    if (!workshop_->help([&future] { return future.wait_for(std::chrono::seconds{0}) == std::future_status::ready; }))
        throw Error{Code::unavailable, "the answer comes only when the clock is moved"};
    return future.get().value();
}

template <class T>
Engine::Then<T> Engine::Impl::on_executor(Then<T> then) {
    return [this, then = std::move(then)](Result<T> result) {
        workshop_->callbacks().post([then, result = std::move(result)]() mutable { then(std::move(result)); });
    };
}

Source yaml_file(std::string path) {
    std::ifstream in{path, std::ios::binary};
    std::ostringstream text;
    if (!in || !(text << in.rdbuf())) throw Error{Code::not_found, "cannot read " + path};
    return {std::move(path), std::move(text).str(), true};
}
Source yaml_text(std::string_view text, std::string name) { return {std::move(name), std::string{text}, false}; }

Engine::Engine(Options options) {
    auto workshop = runtime::threaded_workshop(options.executor, options.threads, options.clock);
    impl_ = std::make_unique<Impl>(std::move(options), std::move(workshop));
}
Engine::Engine(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Engine::~Engine() = default;
void Engine::replace(std::unique_ptr<Impl> impl) { impl_ = std::move(impl); }
void Engine::close() { impl_.reset(); }

std::vector<Deployed> Engine::deploy(const std::vector<Source>& sources) { return impl_->deploy(sources); }
void Engine::run() { impl_->run(); }

// ---- instances --------------------------------------------------------------------------------------------------------------

Started Engine::start(StartRequest request) {
    return impl_->wait<Started>([&](Then<Started> done) { impl_->start(std::move(request), std::move(done)); });
}
void Engine::start(StartRequest request, Then<Started> then) { impl_->start(std::move(request), impl_->on_executor<Started>(std::move(then))); }

namespace {
core::Command command_of(CancelRequest request) {
    return core::CancelInstance{actor_of(std::move(request.by)), std::move(request.reason), request.compensate};
}
}  // namespace

void Engine::cancel(InstanceKey key, CancelRequest request) {
    impl_->wait<void>([&](Then<void> done) { impl_->command(key, command_of(std::move(request)), {}, std::move(done)); });
}
void Engine::cancel(InstanceKey key, CancelRequest request, Then<void> then) {
    impl_->command(key, command_of(std::move(request)), {}, impl_->on_executor<void>(std::move(then)));
}
void Engine::suspend(InstanceKey key, Actor by, std::string reason) {
    impl_->wait<void>([&](Then<void> done) {
        impl_->command(key, core::SuspendInstance{actor_of(std::move(by)), std::move(reason)}, {}, std::move(done));
    });
}
void Engine::resume(InstanceKey key, Actor by) {
    impl_->wait<void>([&](Then<void> done) { impl_->command(key, core::ResumeInstance{actor_of(std::move(by))}, {}, std::move(done)); });
}

// ---- people -----------------------------------------------------------------------------------------------------------------

namespace {

constexpr std::string_view user_task = "user task";
constexpr std::string_view job = "job";
constexpr std::string_view incident = "incident";

core::Command command_of(IncidentKey key, ResolveRequest request) {
    return core::ResolveIncident{key, actor_of(std::move(request.by)), std::move(request.variables), request.took_effect};
}

}  // namespace

void Engine::complete(TaskKey key, CompleteTask task) {
    impl_->wait<void>([&](Then<void> done) {
        auto request = runtime::completion_row(key, task);
        impl_->command_within(key.value, user_task, runtime::complete_task(key, std::move(task)), std::move(request), std::move(done));
    });
}
void Engine::complete(TaskKey key, CompleteTask task, Then<void> then) {
    auto request = runtime::completion_row(key, task);
    impl_->command_within(key.value, user_task, runtime::complete_task(key, std::move(task)), std::move(request), impl_->on_executor<void>(std::move(then)));
}
void Engine::assign(TaskKey key, std::string assignee, Actor by) {
    impl_->wait<void>([&](Then<void> done) {
        impl_->command_within(key.value, user_task, core::AssignTask{core::element_of(key), std::move(assignee), actor_of(std::move(by))}, {},
                              std::move(done));
    });
}
void Engine::resolve(IncidentKey key, ResolveRequest request) {
    impl_->wait<void>([&](Then<void> done) { impl_->command_within(key.value, incident, command_of(key, std::move(request)), {}, std::move(done)); });
}
void Engine::resolve(IncidentKey key, ResolveRequest request, Then<void> then) {
    impl_->command_within(key.value, incident, command_of(key, std::move(request)), {}, impl_->on_executor<void>(std::move(then)));
}

namespace {

/// The answers to the incidents of a page, each in its place; the last one completes the whole.
struct ManyAnswers {
    ManyAnswers(Page<IncidentInfo> of, std::function<void(Result<ResolvedIncidents>)> then) : page{std::move(of)}, done{std::move(then)} {}

    Page<IncidentInfo> page;
    std::function<void(Result<ResolvedIncidents>)> done;
    std::mutex mutex{};
    ResolvedIncidents resolved{};
    std::size_t open = page.items.size();

    void come(std::size_t i, const Result<void>& answer) {
        {
            const std::scoped_lock lock{mutex};
            if (answer) ++resolved.resolved;
            else resolved.refused.push_back({page.items[i].key, page.items[i].instance, answer.error().what()});
            if (--open > 0) return;
        }
        done(std::move(resolved));
    }
};

}  // namespace

ResolvedIncidents Engine::resolve_all(const IncidentQuery& query, const ResolveRequest& how) {
    auto page = incidents(query);
    auto next = page.next;
    if (page.items.empty()) return {};
    auto all = impl_->wait<ResolvedIncidents>([&](Then<ResolvedIncidents> done) {
        const auto answers = std::make_shared<ManyAnswers>(std::move(page), std::move(done));
        for (std::size_t i = 0; i < answers->page.items.size(); ++i) {
            const IncidentKey key = answers->page.items[i].key;
            impl_->command_within(key.value, incident, command_of(key, how), {}, [answers, i](const Result<void>& answer) { answers->come(i, answer); });
        }
    });
    all.next = std::move(next);
    std::sort(all.refused.begin(), all.refused.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    return all;
}

// ---- services and messages ----------------------------------------------------------------------------------------------------

void Engine::complete(JobKey key, Variables result) {
    impl_->wait<void>([&](Then<void> done) {
        impl_->command_within(key.value, job, core::CompleteJob{core::element_of(key), std::move(result)}, {}, std::move(done));
    });
}
void Engine::complete(JobKey key, Variables result, Then<void> then) {
    impl_->command_within(key.value, job, core::CompleteJob{core::element_of(key), std::move(result)}, {}, impl_->on_executor<void>(std::move(then)));
}
void Engine::fail(JobKey key, BusinessError error) {
    impl_->wait<void>([&](Then<void> done) {
        impl_->command_within(key.value, job,
                              core::ReturnError{core::element_of(key), runtime::harmless(error.code), runtime::harmless(error.message),
                                                std::move(error.variables)},
                              {}, std::move(done));
    });
}
void Engine::extend(JobKey key, Duration within) {
    impl_->wait<void>([&](Then<void> done) { impl_->command_within(key.value, job, core::ExtendJob{core::element_of(key), runtime::sensible(within)}, {}, std::move(done)); });
}
Published Engine::publish(Message message) {
    return impl_->wait<Published>([&](Then<Published> done) { impl_->publish(std::move(message), std::move(done)); });
}
void Engine::publish(Message message, Then<Published> then) { impl_->publish(std::move(message), impl_->on_executor<Published>(std::move(then))); }

// ---- ends and care ------------------------------------------------------------------------------------------------------------

std::optional<Outcome> Engine::wait_for(InstanceKey key, Duration patience) {
    auto promise = std::make_shared<std::promise<Outcome>>();
    auto future = promise->get_future();
    const auto listener = impl_->on_end(key, [promise](const Outcome& outcome) { promise->set_value(outcome); });
    const auto has_ended = [&](Duration wait) { return future.wait_for(wait) == std::future_status::ready; };
    const bool may_block = impl_->workshop().help([&] { return has_ended({}); });
    if (may_block && has_ended(std::min<Duration>(patience, std::chrono::hours{24 * 365}))) return future.get();   // min: no overflow
    impl_->forget_listener(key, listener);
    return impl_->outcome(key);   // the listener may not have been told yet of an end that has long been
}
void Engine::on_end(InstanceKey key, std::function<void(const Outcome&)> listener) { impl_->on_end(key, std::move(listener)); }
Cursor Engine::cursor_at_start() const { return impl_->cursor_at_start(); }
Cursor Engine::cursor_at_end() const { return impl_->cursor_at_end(); }
Subscription Engine::subscribe(std::optional<Cursor> after, std::function<void(const Event&)> callback) {
    return impl_->subscribe(std::move(after), std::move(callback));
}
Drained Engine::stop(Duration grace) { return impl_->stop(grace); }
void Engine::stop(Duration grace, std::function<void(Drained)> done) { impl_->stop(grace, std::move(done)); }
Health Engine::health() const { return impl_->health(); }
void Engine::wake() { impl_->wake(); }

}  // namespace kontor

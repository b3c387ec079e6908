#pragma once
/// Services: what a process calls. A plain function is a service; an Adapter brings a protocol.
#include <kontor/error.hpp>
#include <kontor/key.hpp>
#include <kontor/result.hpp>
#include <kontor/temporal.hpp>
#include <kontor/value.hpp>

#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace kontor {

// ---- what a handler says ------------------------------------------------------------------------------------------------

/// Thrown by a handler: a BPMN error, which an error event of the process can catch (BPMN 2.0, 10.5.1). Uncaught it is an incident,
/// `unhandled-error`, and the instance waits for a person.
struct BusinessError {
    std::string code;
    std::string message{};
    Variables variables{};
};
/// Thrown by a handler: come again in `after` (0: when the retry policy says). Uses up no attempt of the retry policy.
struct RetryLater {
    Duration after{};
    std::string message{};
};
/// Thrown by a handler: trying again cannot help. An incident at once.
struct Permanent {
    std::string message;
};
/// Returned by a handler: somebody will answer with Engine::complete(JobKey, ...), from whatever process, within this time.
/// No answer by then counts as a call whose outcome is unknown.
struct Later {
    Duration within{};
};

/// What a handler returns: the result, or Later.
class Answer {
public:
    Answer(Variables result) : answer_{std::move(result)} {}
    Answer(std::initializer_list<std::pair<const std::string_view, Value>> result) : answer_{Variables{result}} {}
    Answer(Later later) : answer_{later} {}
    /// The result, or null if it comes later.
    [[nodiscard]] const Variables* variables() const noexcept { return std::get_if<Variables>(&answer_); }
    [[nodiscard]] const Later* later() const noexcept { return std::get_if<Later>(&answer_); }

private:
    std::variant<Variables, Later> answer_;
};

// ---- a call ---------------------------------------------------------------------------------------------------------------

/// Of a compensation: the call that it undoes.
struct CompensatedCall {
    std::string idempotency_key{};
    bool outcome_known = true;    ///< false: nobody found out whether it took effect; look it up by its key
};

/// One attempt of one call. A value: copies share their content, any thread may read.
class ServiceCall {
public:
    struct Content;
    explicit ServiceCall(std::shared_ptr<const Content> content) : content_{std::move(content)} {}

    [[nodiscard]] const Variables& input() const noexcept;
    /// Names this job for Engine::complete, also after a restart and from another process.
    [[nodiscard]] JobKey job() const noexcept;
    [[nodiscard]] InstanceKey instance() const noexcept;
    /// From 1; a call repeated after a restart counts.
    [[nodiscard]] int attempt() const noexcept;
    [[nodiscard]] std::string_view service() const noexcept;
    [[nodiscard]] std::string_view element() const noexcept;
    [[nodiscard]] std::string_view process() const noexcept;
    [[nodiscard]] std::string_view business_key() const noexcept;
    /// The same on every attempt of this step, unique among all stores: what makes a repetition harmless.
    [[nodiscard]] std::string_view idempotency_key() const noexcept;
    /// W3C Trace Context: one trace per instance, one span per attempt.
    [[nodiscard]] std::string_view traceparent() const noexcept;
    /// When the engine stops waiting for an answer.
    [[nodiscard]] Instant deadline() const noexcept;
    /// Stops when nobody wants the answer any more: the step was interrupted, its time is over, or the engine stops and the
    /// grace for calls under way is over.
    [[nodiscard]] std::stop_token stop_token() const noexcept;
    [[nodiscard]] std::optional<CompensatedCall> compensates() const;

private:
    std::shared_ptr<const Content> content_;
};

/// Takes the answer of one call. Copyable, any thread, never blocks; the first answer wins. Dropping the last copy unanswered means
/// that the outcome is unknown.
class Reply {
public:
    struct Target;
    using AfterCommit = std::function<void(Result<void>)>;
    explicit Reply(std::shared_ptr<Target> target) : target_{std::move(target)} {}

    void complete(Variables result) const;
    void defer(Later) const;
    void business_error(BusinessError) const;
    /// The call surely had no effect; it is tried again by the retry policy,
    void fail(std::string message) const;
    /// when the service said,
    void fail(RetryLater) const;
    /// or not at all.
    void fail(Permanent) const;
    /// As if a handler had thrown it.
    void fail(std::exception_ptr thrown) const;
    /// Nobody knows whether it had an effect.
    void unknown(std::string why) const;
    /// The service says that it never took effect: what a query finds out.
    void never_happened() const;

    /// This reply, and somebody who wants to know when what is said by it is durable: a broker, which may forget the answer then. Called
    /// with Error{conflict} for an answer that comes too late to count, and never if the engine ends before. Must not block.
    [[nodiscard]] Reply then(AfterCommit after_commit) const;

private:
    std::shared_ptr<Target> target_;
    AfterCommit after_commit_{};
};

// ---- messages and adapters --------------------------------------------------------------------------------------------------

/// A message for processes.
struct Message {
    std::string name;
    std::string correlation_key{};
    Variables payload{};
    std::string message_id{};     ///< the same id twice is delivered once; empty: every publication is new
    Duration time_to_live{};      ///< how long it waits for somebody who wants it; 0: as long as the processes declare
};
/// What became of a published message; durable in each case.
enum class Published {
    correlated,   ///< on its way to an instance that waits for it
    started,      ///< it starts an instance
    buffered,     ///< nobody waits for it: kept for its time to live
    discarded,    ///< nobody waits for it, and it has no time to live
    duplicate,    ///< a message with this name, key and id was published before
};
/// `correlated`, `started`, ...
std::string_view to_string(Published) noexcept;

/// What an adapter may ask of the engine. Any thread, never blocks.
class Inbound {
public:
    virtual ~Inbound() = default;
    /// `after_commit` is called once the message is durable, which is when a broker may forget it.
    virtual void publish(Message message, std::function<void(Result<Published>)> after_commit) = 0;
    /// For an answer to a call that nobody here waits for any more: given up, or made before a restart. An answer that says too little
    /// (unknown) changes nothing; one to another store's call, or one that comes too late, is told to be so by Reply::then().
    virtual Reply reply_to(std::string_view idempotency_key, int attempt) = 0;
    /// The host's secret of that name. Throws Error{not_found} if there is none.
    virtual std::string secret(std::string_view name) = 0;
};

/// A way of calling services. The engine calls from several threads; nothing here may block or throw.
class Adapter {
public:
    virtual ~Adapter() = default;
    /// Before the first call. `inbound` lives until stop() has returned.
    virtual void start(Inbound& inbound) { (void)inbound; }
    virtual void invoke(ServiceCall call, Reply reply) = 0;
    /// Asks what became of a call whose outcome is unknown: complete, business_error, never_happened or unknown.
    virtual void query(ServiceCall call, Reply reply) {
        (void)call;
        reply.unknown("this service cannot be asked");
    }
    /// Nobody wants the answer any more; telling the service is a courtesy.
    virtual void cancel(JobKey) {}
    /// No more calls come, and what has not answered when this returns counts as unknown. May block until `deadline`.
    virtual void stop(Instant deadline) { (void)deadline; }
};

/// A handler or an adapter, whichever is written in a list of services.
class Service {
public:
    using Handler = std::function<Answer(const ServiceCall&)>;
    template <class F>
        requires std::is_invocable_r_v<Answer, F&, const ServiceCall&>
    Service(F callable) : handler_{std::move(callable)} {}
    template <std::derived_from<Adapter> A>
    Service(std::shared_ptr<A> carrier) : adapter_{std::move(carrier)} {}

    [[nodiscard]] const Handler& handler() const noexcept { return handler_; }
    [[nodiscard]] const std::shared_ptr<Adapter>& adapter() const noexcept { return adapter_; }

private:
    Handler handler_;
    std::shared_ptr<Adapter> adapter_;
};

/// Binds a service name, or a prefix followed by `*`, to what carries it out. The longest fitting name wins.
struct Binding {
    std::string name;
    Service service;
    int max_concurrent = 64;      ///< calls at once; further ones wait
};

}  // namespace kontor

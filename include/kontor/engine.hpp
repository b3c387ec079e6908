#pragma once
/// The engine: deploys processes, starts instances, keeps them going.
#include <kontor/instance.hpp>
#include <kontor/options.hpp>
#include <kontor/result.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor {

/// A definition to deploy.
struct Source {
    std::string name{};
    std::string text{};
    bool is_file = false;         ///< what it names is read from beside it; else only what is deployed with it counts
};
/// Reads the file; types that it names are read from beside it when it is deployed. Throws Error{not_found} if it cannot be read.
Source yaml_file(std::string path);
Source yaml_text(std::string_view text, std::string name);

struct Deployed {
    std::string id{};             ///< of the process
    int version = 0;              ///< from 1; the same content keeps its version
    bool unchanged = false;
    std::vector<Problem> warnings{};
};

struct Drained {
    int finished = 0;             ///< calls that were answered in time
    int left_to_recovery = 0;
};
struct Health {
    bool live = false;            ///< the engine can go on by itself
    bool ready = false;           ///< it takes commands
    std::string why{};            ///< of what is not so
};

/// Ends the subscription when it is dropped, waiting for a callback under way unless dropped by it. Movable.
class Subscription {
public:
    Subscription() = default;
    explicit Subscription(std::shared_ptr<void> feed) : feed_{std::move(feed)} {}

private:
    std::shared_ptr<void> feed_;
};

/// A durable process engine. All functions may be called from several threads, also from handlers and callbacks. Those without a callback
/// block until their effect is durable, so a host that runs handlers on its only thread uses the others; callbacks run on the executor.
/// All throw Error; unless it says outcome_unknown, nothing happened. Keys of other stores are Error{not_found}. Besides what is said below,
/// commands, from start() to publish(), throw Error{shutting_down} before run() and once the engine stops, Error{busy} when too much waits, and
/// Error{conflict} for an instance that has ended.
class Engine {
public:
    template <class T>
    using Then = std::function<void(Result<T>)>;

    /// Opens the store. Nothing runs yet. Throws Error{unavailable} if the store cannot be opened, Error{conflict} if another engine has
    /// it, Error{bad_input} for options that cannot be.
    explicit Engine(Options);
    /// Stops without grace; what was under way is left to recovery.
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// All or nothing. Throws Error{invalid_definition} with all problems, among them services that nobody is bound to. Blocks.
    std::vector<Deployed> deploy(const std::vector<Source>& sources);
    /// Recovers; from here on handlers are called and timers fire. Blocks while it reads what was under way.
    void run();

    // ---- instances ----------------------------------------------------------------------------------------------------------
    /// Throws Error{not_found} for an unknown process, Error{bad_input} for variables that do not fit.
    Started start(StartRequest);
    void start(StartRequest, Then<Started>);
    /// Ends the instance; with compensation first if wanted, so that it may end later. Throws Error{conflict} if that has begun already.
    void cancel(InstanceKey, CancelRequest);
    void cancel(InstanceKey, CancelRequest, Then<void>);
    /// Nothing moves until it is resumed; answers of calls are kept. Throws Error{conflict} if it does not run, or is suspended already.
    void suspend(InstanceKey, Actor by, std::string reason);
    /// Throws Error{conflict} if it is not suspended.
    void resume(InstanceKey, Actor by);

    // ---- people -------------------------------------------------------------------------------------------------------------
    /// Throws Error{conflict} if it is done or suspended, Error{forbidden} for the wrong person, Error{bad_input} for a form that does not fit.
    void complete(TaskKey, CompleteTask);
    void complete(TaskKey, CompleteTask, Then<void>);
    /// An empty assignee gives it back to all candidates. Throws Error{conflict} if it is done, suspended, or nobody's and to be given back,
    /// Error{forbidden} for an assignee who may not do it.
    void assign(TaskKey, std::string assignee, Actor by);
    /// Tries again, or goes on with what a person found out. Throws Error{conflict} if it is resolved already.
    void resolve(IncidentKey, ResolveRequest);
    void resolve(IncidentKey, ResolveRequest, Then<void>);
    /// Resolves all incidents of one page of a query, at most `limit`, each for itself: those that are refused stay. What fails again is an
    /// incident again, so give `raised_before` to whoever goes on page by page. Blocks. Throws Error{unavailable} if the store is away.
    ResolvedIncidents resolve_all(const IncidentQuery&, const ResolveRequest&);

    // ---- services and messages ------------------------------------------------------------------------------------------------
    /// The answer to a handler's Later. Throws Error{conflict} if the step has ended.
    void complete(JobKey, Variables result);
    void complete(JobKey, Variables result, Then<void>);
    /// The same when the answer is a BPMN error. Throws Error{conflict} if the step has ended.
    void fail(JobKey, BusinessError);
    /// More time for a deferred answer, counted from now. Throws Error{conflict} if no deferred answer is awaited.
    void extend(JobKey, Duration within);
    /// Throws Error{bad_input} for a message without a name, or one that is too large.
    Published publish(Message);
    void publish(Message, Then<Published>);

    // ---- looking --------------------------------------------------------------------------------------------------------------
    // All block for the store, see what was durable before they began, and throw Error{unavailable} when it is away; lists throw Error{bad_input}
    // for a limit out of range, and for a cursor that is none of theirs. What asks about one instance throws Error{not_found} if there is none.
    /// Nothing if there is none.
    [[nodiscard]] std::optional<InstanceInfo> find(InstanceKey) const;
    /// The instance that the request with this id started; nothing if there was none, or if its id is forgotten (Options::request_memory).
    [[nodiscard]] std::optional<InstanceKey> started(std::string_view request_id) const;
    /// Of the process itself.
    [[nodiscard]] Variables variables(InstanceKey) const;
    /// The same as it may be shown to anybody: what is declared sensitive, or computed from that, is masked.
    [[nodiscard]] Variables masked_variables(InstanceKey) const;
    /// Ids of the elements that it is at, the oldest first: activities that run and events that it waits for.
    [[nodiscard]] std::vector<std::string> waits(InstanceKey) const;
    /// The input of a user task, for its form. Throws Error{not_found} if it is done.
    [[nodiscard]] Variables input(TaskKey) const;
    [[nodiscard]] Page<InstanceInfo> instances(const InstanceQuery&) const;
    [[nodiscard]] Page<TaskInfo> tasks(const TaskQuery&) const;
    [[nodiscard]] Page<IncidentInfo> incidents(const IncidentQuery&) const;
    /// What happened to an instance, the oldest first.
    [[nodiscard]] Page<Event> history(const HistoryQuery&) const;

    /// The outcome once the instance has ended; nothing after `patience`. Without patience it only looks. Throws Error{unavailable} if the
    /// store could not even be read; after the patience Error{not_found} if retention has dropped its journal, Error{bad_input} if that is damaged.
    std::optional<Outcome> wait_for(InstanceKey, Duration patience);
    /// Calls back once, soon if the instance has ended already; never if its journal was dropped or cannot be read, which is logged. Not durable:
    /// after a restart ask again.
    void on_end(InstanceKey, std::function<void(const Outcome&)>);
    /// Before the first event of the store, and behind the last one that is durable now: places where a subscription may begin.
    [[nodiscard]] Cursor cursor_at_start() const;
    [[nodiscard]] Cursor cursor_at_end() const;
    /// Calls back for every event behind `after` (nothing: from now on), one at a time, each only after its commit. Within a bucket in
    /// order; between instances of different buckets no order is promised. A callback that throws is called no more.
    [[nodiscard]] Subscription subscribe(std::optional<Cursor> after, std::function<void(const Event&)>);

    // ---- care -----------------------------------------------------------------------------------------------------------------
    /// Takes no more work, waits up to `grace` for calls under way, leaves the rest to recovery. Blocks; not for handlers. When the grace
    /// is over, handlers are asked to stop by their stop_token(); one that ignores it is waited for, since it cannot be ended.
    Drained stop(Duration grace);
    /// The same without blocking.
    void stop(Duration grace, std::function<void(Drained)>);
    [[nodiscard]] Health health() const;
    /// Looks into the inbox now, for what the host has put there in a transaction of its own; on PostgreSQL engines do so by themselves.
    /// Throws nothing; without effect unless it runs.
    void wake();

protected:
    class Impl;
    explicit Engine(std::unique_ptr<Impl>);
    void replace(std::unique_ptr<Impl>);
    void close();
    [[nodiscard]] Impl& impl() const noexcept { return *impl_; }

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace kontor

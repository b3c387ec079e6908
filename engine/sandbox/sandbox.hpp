#pragma once
/// An engine in memory, on one thread, in virtual time: for `kontor run` and process tests.
#include "core/decide.hpp"
#include "sandbox/world.hpp"

#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <vector>

namespace kontor::sandbox {

struct PublishedMessage {
    std::string name;
    std::optional<std::string> correlation_key;   ///< nothing: fits any
    Value payload;
    std::optional<Duration> time_to_live;         ///< nothing: kept until it is wanted
    std::string id{};
};

/// What became of a message when it was published.
enum class Delivery { taken, started, kept };

/// Everything that happens does so inside submit(), start(), publish() and the functions that move time. Not thread-safe.
class Sandbox {
public:
    /// Called after every accepted command, with the state after it.
    using Observer = std::function<void(const core::Record&, const model::Definition&, const core::State& after)>;
    /// Called for a planned command that was refused: most often it has been overtaken.
    using RefusalObserver = std::function<void(InstanceKey, const core::Command&, const core::Rejection&)>;

    /// `world` must outlive the sandbox. Time begins at `start`.
    Sandbox(std::vector<std::shared_ptr<const model::Definition>> definitions, World& world, Instant start);

    void observe(Observer observer) { observer_ = std::move(observer); }
    void observe_refusals(RefusalObserver observer) { on_refusal_ = std::move(observer); }
    /// Stops after this many planned commands, so that a timer that repeats for ever comes to an end.
    void limit(std::size_t commands) noexcept { limit_ = commands; }
    /// Whether it stopped for that reason; nothing more will happen then.
    [[nodiscard]] bool exhausted() const noexcept { return performed_ >= limit_; }

    /// Starts an instance of the process. Throws Error{not_found} for an unknown process and Error{bad_input} for a refusal.
    InstanceKey start(std::string_view process, core::StartInstance request);
    /// Sends a command. Nothing if it was accepted.
    std::optional<core::Rejection> submit(InstanceKey, const core::Command&);
    /// Delivers a message to the instance that waits longest, starts a process by it, or keeps it.
    Delivery publish(PublishedMessage);

    /// Does everything that is due now. False if the limit was reached.
    bool settle();
    /// Moves time to the next thing that is due and does it. False if nothing is planned or the limit was reached.
    bool advance_to_next();
    /// Moves time by `by`, doing on the way what becomes due.
    void advance(Duration by);
    /// Forgets all states and rebuilds them from the journal's bytes; what was under way is derived from the states again.
    void restart();

    [[nodiscard]] Instant now() const noexcept { return now_; }
    /// When something will happen by itself next; nothing if never.
    [[nodiscard]] std::optional<Instant> next_due() const;
    [[nodiscard]] const core::State& state(InstanceKey key) const { return instances_.at(key).state; }
    [[nodiscard]] const model::Definition& definition(InstanceKey key) const { return *instances_.at(key).definition; }
    [[nodiscard]] std::vector<InstanceKey> instances() const;
    /// Messages that nobody has wanted yet.
    [[nodiscard]] std::size_t buffered() const noexcept { return messages_.size(); }

private:
    struct Instance {
        std::shared_ptr<const model::Definition> definition;
        core::State state;
    };
    struct Row {
        core::Position position;
        InstanceKey instance;
        std::shared_ptr<const model::Definition> definition;
        std::string bytes;
    };
    struct Kept {
        PublishedMessage message;
        std::optional<Instant> until;
    };
    struct Planned {
        Instant at;
        std::uint64_t order;
        InstanceKey instance;
        core::Command command;
        std::optional<Kept> message;   ///< that the command delivers: refused, it is for whoever waits next
        bool operator>(const Planned& other) const { return std::tie(at, order) > std::tie(other.at, other.order); }
    };
    struct Waiting {
        InstanceKey instance;
        core::WaitKey wait;
        std::string message;
        std::string correlation_key;
    };

    core::Decision decide(const model::Definition&, core::State, const core::Command&, core::Position);
    void record(const std::shared_ptr<const model::Definition>&, core::Decision, core::Position);
    void plan(Instant at, InstanceKey, core::Command, std::optional<Kept> message = {});
    void perform(InstanceKey, const std::vector<core::Effect>&);
    void call(InstanceKey, core::ElementKey job, std::uint32_t attempt);
    void offer(InstanceKey, core::ElementKey task);
    void open(Waiting);
    void take_message(const Waiting&);
    Delivery deliver(Kept);
    bool start_by(const PublishedMessage&);

    std::map<std::string, std::shared_ptr<const model::Definition>, std::less<>> definitions_;
    World& world_;
    Instant now_;
    Observer observer_;
    RefusalObserver on_refusal_;
    std::size_t limit_ = 1'000'000;
    std::size_t performed_ = 0;
    std::map<InstanceKey, Instance> instances_;
    std::vector<Row> journal_;
    std::priority_queue<Planned, std::vector<Planned>, std::greater<>> planned_;
    std::uint64_t order_ = 0;
    std::vector<Waiting> waiting_;
    std::vector<Kept> messages_;
    std::uint64_t messages_published_ = 0;
};

}  // namespace kontor::sandbox

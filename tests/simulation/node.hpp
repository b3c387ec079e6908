#pragma once
/// A minimal node: owns buckets, decides, commits in groups, and performs effects when they are durable. It stands for the real runtime
/// until that can be put here: the simulator knows nothing of it but this interface.
#include "core/decide.hpp"
#include "processes/random.hpp"
#include "simulation/clock.hpp"
#include "simulation/store.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace kontor::simulation {

class Node;

/// What comes back to whoever sent a command, after its row is durable. No answer at all: look it up.
struct Answer {
    InstanceKey instance;
    std::string refused;   ///< the rule; empty: accepted
};
using OnAnswer = std::function<void(const Answer&)>;

struct Request {
    InstanceKey instance;          ///< none: a start
    core::Command command;
    std::string id;                ///< of a start: the same id gives the same instance
    std::string message_id;        ///< that the command consumes
    OnAnswer answer;
};

/// What a node needs of the world around it.
class Surroundings {
public:
    virtual ~Surroundings() = default;
    virtual const model::Definition& definition(const std::string& name) const = 0;
    /// A durable wish. The node may be asked to do things later (Node::later), and only as long as it lives.
    virtual void perform(Node&, const core::State&, const core::Effect&) = 0;
    virtual Fault next_fault() = 0;
    enum class CrashPoint { before_commit, after_commit, amid_effects };
    virtual bool crashes_at(CrashPoint) = 0;
    /// Whether the node stands still for a while just before a commit, longer than its lease.
    virtual bool freezes() = 0;
    /// Without faults nobody has to take over soon: days then cost few heartbeats.
    virtual Duration lease_time() const = 0;
};

class Node {
public:
    Node(std::string name, Clock&, Store&, Surroundings&, std::uint64_t seed, std::uint32_t buckets);

    /// False: not its bucket, or not alive; the command is dropped without an answer.
    bool submit(std::uint32_t bucket, Request);
    /// A message was published: whoever waits for it gets it.
    void look_for_messages(std::uint32_t bucket);
    void crash(Duration down_for);
    /// It does nothing for a while and does not know it.
    void freeze(Duration);
    /// Runs later, unless this life of the node ends before; a frozen node does it when it thaws.
    void later(Duration, std::function<void()>);

    [[nodiscard]] bool owns(std::uint32_t bucket) const { return alive_ && buckets_.contains(bucket); }
    [[nodiscard]] std::uint64_t life() const noexcept { return life_; }
    [[nodiscard]] bool alive() const noexcept { return alive_; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    /// Durable states that are in memory.
    [[nodiscard]] std::vector<const core::State*> states() const;

private:
    struct Live {
        core::State state;
        journal::Link head;
    };
    struct InFlight {
        Batch batch;
        std::vector<Request> requests;
        std::vector<std::pair<OnAnswer, Answer>> answers;
        std::map<InstanceKey, Live> states;
        std::vector<std::pair<core::State, std::vector<core::Effect>>> effects;
    };
    struct Owned {
        Lease lease;
        std::map<InstanceKey, Live> instances;
        std::deque<Request> queue;
        std::shared_ptr<InFlight> in_flight;
    };
    void wake();
    void look_around();
    void own(std::uint32_t bucket);
    void recover(std::uint32_t bucket);
    void pump(std::uint32_t bucket);
    void decide_into(InFlight&, Owned&, Request);
    void commit(std::uint32_t bucket, const std::shared_ptr<InFlight>&);
    void committed(std::uint32_t bucket, const std::shared_ptr<InFlight>&);
    void look_up(std::uint32_t bucket, const std::shared_ptr<InFlight>&);
    bool is_current(std::uint32_t bucket, const std::shared_ptr<InFlight>&);
    bool may_act(std::uint32_t bucket);

    std::string name_;
    Clock& clock_;
    Store& store_;
    Surroundings& around_;
    test::Random random_;
    std::uint32_t bucket_count_;
    bool alive_ = true;
    std::uint64_t life_ = 1;
    Instant frozen_until_{};
    std::map<std::uint32_t, Owned> buckets_;
};

/// The state that the rows tell, checked on the way: whole chain, readable bytes.
core::State replay(const Surroundings&, const std::vector<Row>&);

}  // namespace kontor::simulation

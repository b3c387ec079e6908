#pragma once
/// One cluster, one seed: two nodes, a store, services, people and messages; a stormy phase with faults, then a fair one without.
#include "processes/checked.hpp"
#include "simulation/node.hpp"
#include "simulation/services.hpp"

namespace kontor::simulation {

struct Report {
    std::uint64_t rows = 0;
    std::uint64_t instances = 0;
    std::uint64_t stuck = 0;        ///< instances that a known incident keeps from ending
    std::uint64_t undone = 0;       ///< compensations that ran
    std::uint64_t crashes = 0;
    std::map<lifecycle::Instance, std::uint64_t> phases;   ///< how the instances ended
    std::uint64_t fenced = 0;       ///< commits that the fence refused
};

class World final : public Surroundings {
public:
    explicit World(std::uint64_t seed);

    /// Lives through everything and checks. Throws test::Violation.
    Report run();
    /// The last events of the instance that the violation is about, or of all.
    [[nodiscard]] std::string story(std::size_t events) const;

    const model::Definition& definition(const std::string& name) const override { return definitions_.at(name); }
    void perform(Node&, const core::State&, const core::Effect&) override;
    Fault next_fault() override;
    bool crashes_at(CrashPoint) override;
    Duration lease_time() const override { return faults_ ? Duration{std::chrono::seconds{20}} : Duration{std::chrono::hours{4}}; }
    bool freezes() override { return faults_ && random_.chance(2); }

private:
    friend class Checks;
    static constexpr std::uint32_t buckets = 4;
    struct Client {
        std::string id;                        ///< request id and correlation key
        std::string definition;
        std::uint32_t bucket = 0;
        InstanceKey instance;                  ///< what the start answered
    };

    void start(std::size_t client);
    void storm();
    void be_fair();
    void something_happens();
    void people_work(bool fairly);
    void serve_task(const core::State&, core::ElementKey, bool fairly);
    void resolve(const core::State&, IncidentKey, const core::Incident&, bool fairly);
    void publish(const std::string& key, std::uint32_t bucket, const std::string& name, bool twice);
    void publish_what_is_awaited();
    void send(InstanceKey, core::Command, OnAnswer = {});
    [[nodiscard]] bool took_effect(const core::State&, core::ElementKey) const;
    [[nodiscard]] Call call_of(const core::State&, core::ElementKey) const;
    [[nodiscard]] std::vector<const core::State*> open_states() const;
    Duration milliseconds(std::uint64_t low, std::uint64_t high) { return Duration{static_cast<std::int64_t>(random_.between(low, high))}; }

    test::Random random_;
    Clock clock_;
    Store store_;
    Fleet fleet_;
    std::map<std::string, model::Definition> definitions_;
    std::vector<Client> clients_;
    std::vector<std::unique_ptr<Node>> nodes_;
    std::map<core::ElementKey, unsigned> tasks_done_;   ///< completions that were answered with yes
    bool faults_ = true;
    bool patient_ = true;           ///< people still try what has failed before
    unsigned messages_ = 0;
    unsigned commits_ = 0;
    Report report_;
};


}  // namespace kontor::simulation

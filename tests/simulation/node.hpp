#pragma once
/// A node: a machine on which the real engine runs, one life after the other. It freezes, crashes, is stopped, and its clock is wrong.
#include "runtime/engine_impl.hpp"
#include "simulation/disk.hpp"
#include "simulation/workshop.hpp"

#include <memory>
#include <string>
#include <vector>

namespace kontor::simulation {

class Life;
class Node;

/// The engine of the runtime, with a workshop that the world steps.
class RealEngine final : public Engine {
public:
    RealEngine(Options options, std::unique_ptr<runtime::Workshop> workshop, std::vector<runtime::VersionRef> versions, std::string node)
        : Engine{std::make_unique<Impl>(std::move(options), std::move(workshop), Impl::Given{std::move(versions), std::move(node)})} {}

    [[nodiscard]] Inbound& inbound() const noexcept { return impl(); }
    // What the public interface has in a blocking form only.
    void command(InstanceKey key, core::Command command, Then<void> then) { impl().command(key, std::move(command), {}, std::move(then)); }
    void command_within(std::uint64_t key, std::string_view what, core::Command command, Then<void> then) {
        impl().command_within(key, what, std::move(command), {}, std::move(then));
    }
};

/// What an engine is made from, besides its machine.
struct Surroundings {
    Time& time;
    Weather& weather;
    Database& database;
    std::vector<runtime::VersionRef> versions;
    std::function<std::vector<Binding>(Life&)> services;
    std::size_t queue;
    Duration lease;
};

/// One run of the engine, from its start to its end. Whoever hands something to an engine keeps this: after the end no answer comes from it,
/// even if some of its code still runs because it stands in the middle of something on the world's stack.
class Life final : public Incidents, public std::enable_shared_from_this<Life> {
public:
    Life(Node& node, const Surroundings& around) : node_{node}, around_{around} {}

    /// False if it did not come to that: the database was away, or the node died of it.
    bool begin(Duration clock_is_wrong_by);
    void crash() override;
    void freeze(Duration) override;
    [[nodiscard]] bool is_gone() const override { return presence_.gone; }
    [[nodiscard]] bool is_amid() const noexcept { return presence_.amid > 0; }
    /// Destroys the engine, once nothing of it is in the middle of anything: what waits in its queues may keep this life, but not that.
    void end();
    /// In order: takes nothing more, writes what has been decided, leaves the rest to recovery.
    void stop();
    /// Null before it runs, and after its end.
    [[nodiscard]] RealEngine* engine() const noexcept { return presence_.gone || !presence_.runs ? nullptr : engine_.get(); }
    [[nodiscard]] bool owns(std::uint32_t bucket) const { return disk_ && disk_->owns(bucket); }
    [[nodiscard]] SteppedWorkshop& workshop() const noexcept { return *workshop_; }
    [[nodiscard]] const std::string& name() const override;

private:
    friend class Node;
    Node& node_;
    const Surroundings& around_;
    Presence presence_;
    SteppedWorkshop* workshop_ = nullptr;   ///< the engine's
    Disk* disk_ = nullptr;                  ///< the engine's
    std::unique_ptr<RealEngine> engine_;
};

class Node final : public Party {
public:
    Node(std::string name, const Surroundings& around) : name_{std::move(name)}, around_{around} {}
    ~Node() override;
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] std::uint64_t lives() const noexcept { return lives_; }
    /// Of the engine that runs; null if none does.
    [[nodiscard]] const std::shared_ptr<Life>& life() const noexcept { return life_; }
    [[nodiscard]] RealEngine* engine() const noexcept { return life_ ? life_->engine() : nullptr; }
    [[nodiscard]] bool is_frozen() const noexcept { return around_.time.now() < frozen_until_; }

    void start();
    void crash();
    void stop();
    /// It does nothing for a while and does not know it.
    void freeze(Duration);
    void set_clock_wrong_by(Duration);

    bool step(test::Random&) override;
    [[nodiscard]] Instant next() const override;

private:
    friend class Life;
    void bury();

    const std::string name_;
    const Surroundings& around_;
    std::shared_ptr<Life> life_;
    std::vector<std::shared_ptr<Life>> gone_;   ///< lives that are over, some of whose code may still be in the middle of something
    std::uint64_t lives_ = 0;
    Instant frozen_until_{};
    Duration clock_is_wrong_by_{};
};

}  // namespace kontor::simulation

#pragma once
/// The inside of the public Engine.
#include "runtime/bucket/bucket.hpp"
#include "runtime/mail/post_office.hpp"
#include "runtime/mail/signals.hpp"
#include "runtime/nodes/tenancy.hpp"
#include "runtime/reading/feed.hpp"
#include "runtime/reading/reader.hpp"
#include "runtime/retention.hpp"

#include <kontor/engine.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <thread>
#include <vector>

namespace kontor {

class Engine::Impl final : public Inbound {
public:
    Impl(Options, std::unique_ptr<runtime::Workshop>);
    /// For tests that leave nothing to chance.
    struct Given {
        std::vector<runtime::VersionRef> versions{};   ///< that need not be read from their sources
        std::string node{};                            ///< its id; else one that no other engine has
    };
    Impl(Options, std::unique_ptr<runtime::Workshop>, Given);
    ~Impl() override;

    std::vector<Deployed> deploy(const std::vector<Source>&);
    void run();
    void start(StartRequest, Then<Started>);
    void command(InstanceKey, core::Command, std::optional<ports::RequestRow>, Then<void>);
    /// For a command that names something within an instance.
    void command_within(std::uint64_t key, std::string_view what, core::Command, std::optional<ports::RequestRow>, Then<void>);
    void publish(Message, Then<Published>) override;
    Reply reply_to(std::string_view idempotency_key, int attempt) override;
    std::string secret(std::string_view name) override;
    /// Returns what forget_listener() wants.
    std::uint64_t on_end(InstanceKey, std::function<void(const Outcome&)>);
    void forget_listener(InstanceKey, std::uint64_t listener);
    /// What an instance has ended with, as the store knows it. Blocks.
    [[nodiscard]] std::optional<Outcome> outcome(InstanceKey) const;
    [[nodiscard]] Cursor cursor_at_start() const;
    [[nodiscard]] Cursor cursor_at_end() const;
    Subscription subscribe(std::optional<Cursor>, std::function<void(const Event&)>);
    Drained stop(Duration grace);
    void stop(Duration grace, std::function<void(Drained)>);
    /// Stops without grace and gives the store away: for a restart within one process.
    std::unique_ptr<ports::Store> leave();
    [[nodiscard]] Health health() const;
    void wake();

    /// Blocks until `begin` has called back, and gives what it was told or throws.
    template <class T>
    T wait(const std::function<void(Then<T>)>& begin);
    /// The same call with its callback on the executor.
    template <class T>
    Then<T> on_executor(Then<T> then);

    [[nodiscard]] runtime::Reader reader() const noexcept { return {*store_, definitions_}; }
    [[nodiscard]] runtime::Workshop& workshop() const noexcept { return *workshop_; }

private:
    [[nodiscard]] std::optional<Error> not_running() const;
    void log(LogLevel, std::string_view text, InstanceKey) const;
    void keep_house();
    void drop_old_journals();
    /// What another node has signalled; nothing: some may have been missed.
    void hear(std::string_view text);
    void learn_definitions();
    [[nodiscard]] std::uint32_t next_bucket();
    void wait_for_inbox(Duration grace);

    const Options options_;
    const std::string node_;
    std::unique_ptr<runtime::Workshop> workshop_;
    std::unique_ptr<ports::Store> store_;
    runtime::Definitions definitions_;
    runtime::Meter meter_;
    runtime::Signals signals_;
    runtime::Committer committer_;
    runtime::PostOffice post_;
    runtime::Dispatcher dispatcher_;
    runtime::Feeds feeds_;
    runtime::Shell shell_;
    std::vector<std::unique_ptr<runtime::Bucket>> buckets_;
    runtime::Tenancy tenancy_;
    runtime::Retention retention_;           ///< used by one read at a time
    std::atomic<bool> retaining_{false};
    std::shared_ptr<void> ear_;              ///< hears other nodes
    std::mutex deploying_;
    std::mutex beginning_;
    std::shared_mutex intake_;               ///< shared by who hands something in, so that stop() begins after that
    std::mutex housekeeping_mutex_;
    std::atomic<std::uint32_t> turn_{0};
    std::atomic<std::uint64_t> listeners_{0};
    std::atomic<bool> running_{false};
    std::atomic<bool> recovered_{false};
    std::atomic<bool> stopping_{false};
    std::once_flag stopped_;
    Drained drained_;
    std::shared_ptr<void> housekeeping_;
    std::mutex stoppers_mutex_;
    std::vector<std::thread> stoppers_;
};

}  // namespace kontor

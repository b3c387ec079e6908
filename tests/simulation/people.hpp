#pragma once
/// Everybody who asks something of the bank's processes from outside: clients, clerks, operators, senders of messages. They use any engine
/// that answers, repeat what was not answered, and remember what they were told.
#include "simulation/node.hpp"
#include "simulation/promises.hpp"
#include "simulation/services.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace kontor::simulation {

/// What people know of the world around them.
struct Town {
    Time& time;
    Database& database;
    const runtime::Definitions& definitions;
    const Fleet& fleet;
    std::function<std::shared_ptr<Life>()> anybody;    ///< an engine that runs; null if none does
    std::vector<std::string> processes;
    std::string starting_message;
};

class People {
public:
    /// A message with an id of its own, which is kept as long as nobody wants it, and what its sender was told.
    struct Sent {
        Message message;
        unsigned times = 0;               ///< that it was published
        std::set<Published> told;
        unsigned in_doubt = 0;            ///< publications that were not answered, or not with certainty
    };

    People(Town town, std::uint64_t seed);

    /// Clients come, within a minute.
    void come();
    /// One of the things that happen in a day.
    void do_something();
    /// Serves tasks and incidents; fairly: all of them, and whoever is asked.
    void work(bool fairly);
    void publish_what_is_awaited();
    void resume_all();
    void cancel_all();
    /// From here on nobody tries again what has failed before.
    void lose_patience() { patient_ = false; }

    [[nodiscard]] Promises& promises() noexcept { return promises_; }
    [[nodiscard]] const std::map<std::string, Sent>& messages() const noexcept { return messages_; }
    [[nodiscard]] const std::map<TaskKey, unsigned>& tasks_done() const noexcept { return tasks_done_; }
    [[nodiscard]] bool everybody_was_answered() const;
    [[nodiscard]] std::size_t clients() const noexcept { return clients_.size(); }

private:
    struct Client {
        std::string tag;                  ///< of what he asks for
        StartRequest request;
        InstanceKey instance;             ///< what he was told
    };

    void start(std::size_t client);
    void serve_task(const ports::TaskRow&, bool fairly);
    void complete(TaskKey, CompleteTask, const std::string& tag);
    void resolve(const ports::IncidentRow&, bool fairly);
    void publish(const std::string& name, const std::string& key, bool twice);
    void publish_again(const std::string& id);
    void cancel(InstanceKey, bool compensate);
    void suspend(InstanceKey);
    void resume(InstanceKey);
    [[nodiscard]] std::optional<bool> found_out(const ports::IncidentRow&) const;
    [[nodiscard]] std::vector<ports::InstanceRow> open_instances() const;
    /// Notes the answer under a tag; silence if the engine that was asked is gone before.
    template <class T = void>
    std::function<void(Result<T>)> listen(std::shared_ptr<Life> to, const std::string& tag);
    Duration milliseconds(std::uint64_t low, std::uint64_t high) { return Duration{static_cast<std::int64_t>(random_.between(low, high))}; }

    Town town_;
    test::Random random_;
    Promises promises_;
    std::vector<Client> clients_;
    std::vector<std::string> keys_;       ///< of correlation: several clients share one
    std::map<std::string, Sent> messages_;
    std::map<TaskKey, unsigned> tasks_done_;
    bool patient_ = true;
};

}  // namespace kontor::simulation

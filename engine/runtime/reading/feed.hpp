#pragma once
/// Subscriptions: every event behind a cursor, once it is durable.
#include "journal/whereabouts.hpp"
#include "ports/store.hpp"
#include "runtime/instance/definitions.hpp"
#include "runtime/machine/workshop.hpp"

#include <kontor/instance.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace kontor::runtime {

/// What to read next, by bucket: a row, and how many of its events have been told already.
struct Place {
    std::uint64_t sequence = 1;
    std::uint64_t told = 0;
};
using Places = std::vector<Place>;
/// Opaque text of places. Throws Error{bad_input} for a text that is none, or of a store with another number of buckets.
Cursor cursor_of(const Places&);
Places places_of(const Cursor&, std::uint32_t buckets);

/// Makes events of journal rows. Rows of an instance are cheapest in their order. Not for several threads at once.
class EventReader {
public:
    EventReader(ports::Store& store, const Definitions& definitions) : store_{store}, definitions_{definitions} {}
    /// The events of a row; their positions are still to be filled in. Blocks: what came before in the instance may have to be read. Throws
    /// Error{unavailable} if the store is away, or the instance runs what is not known here.
    std::vector<Event> events(const ports::JournalRow&);

private:
    /// What earlier rows of an instance have told: most events carry a key and nothing else.
    struct Known {
        VersionRef version;
        journal::Whereabouts where;
        std::uint64_t last = 0;
    };
    Known& known_before(const ports::JournalRow&);

    ports::Store& store_;
    const Definitions& definitions_;
    std::unordered_map<InstanceKey, Known> known_;
};

/// Reads and calls back, one event at a time, until it is dropped.
class Feed : public std::enable_shared_from_this<Feed> {
public:
    Feed(ports::Store&, Definitions&, Workshop&, Places, std::function<void(const Event&)>);
    /// Something new may be there. Any thread.
    void poke();
    /// Ends it; waits for a callback under way, unless called by that.
    void close();

private:
    void read();
    void learn();
    /// Appends what is new in a bucket; whether there may be more. What could not be read is read again.
    bool read_bucket(std::uint32_t bucket, std::vector<Event>&);
    void tell(const std::vector<Event>&);

    ports::Store& store_;
    Definitions& definitions_;
    EventReader reader_;
    Workshop& workshop_;
    std::function<void(const Event&)> callback_;
    std::mutex mutex_;
    std::recursive_mutex calling_;
    Places places_;
    bool reading_ = false;
    bool poked_ = false;
    bool closed_ = false;
    std::shared_ptr<void> alarm_;    ///< after an error
};

/// All feeds of an engine. Any thread.
class Feeds {
public:
    void add(const std::shared_ptr<Feed>&);
    void poke();
    /// For good.
    void close();

private:
    std::mutex mutex_;
    std::vector<std::weak_ptr<Feed>> feeds_;
    std::atomic<bool> any_{false};
};

}  // namespace kontor::runtime

#include "runtime/care/check.hpp"

#include "journal/encoding.hpp"
#include "runtime/instance/rows.hpp"
#include "runtime/mail/inbox.hpp"

#include <algorithm>
#include <map>
#include <thread>

namespace kontor::runtime {
namespace {

constexpr std::size_t rows_at_once = 1'000;
constexpr int looks = 4;
constexpr auto between_looks = std::chrono::milliseconds{100};

/// An instance as its journal tells it.
struct Rebuilt {
    Live live{};
    IndexRows rows{};
    std::string damage{};                      ///< why it could not be rebuilt

    void add(const ports::JournalRow& row, const Definitions& definitions) try {
        if (!damage.empty()) return;
        const core::Record record = journal::decode(row.position, row.bytes);
        if (live.state.rows == 0) begin(row, record, definitions);
        core::apply(live.version->process(), live.state, record);
        if (row.previous != live.row.last.sequence) damage = "row " + std::to_string(row.position.sequence) + " does not point at the row before it";
        if (row.period != live.row.period) damage = "row " + std::to_string(row.position.sequence) + " stands in another period than the first";
        live.row.last = row.position;
        live.row.head = row.link;
        follow_state(live.row, live.state);
    } catch (const std::exception& error) {
        damage = error.what();
    }
    void finish() {
        if (damage.empty()) rows = index_rows_of(live);
    }

private:
    void begin(const ports::JournalRow& row, const core::Record& record, const Definitions& definitions) {
        const auto* started = record.events.empty() ? nullptr : std::get_if<core::InstanceStarted>(&record.events.front());
        if (!started) throw Error{Code::unavailable, "its journal does not begin with a start: the rows before are missing"};
        live.version = definitions.by_id(started->definition);
        if (!live.version) throw Error{Code::unavailable, "it runs " + started->definition + ", which is not deployed"};
        live.row.key = row.instance;
        live.row.process = live.version->process().id;
        live.row.definition = started->definition;
        live.row.business_key = started->business_key;
        live.row.started = record.at;
        live.row.period = period_of(record.at);
    }
};

/// All index rows of a bucket, by instance.
std::map<InstanceKey, IndexRows> rows_of_bucket(ports::Store& store, std::uint32_t bucket) {
    std::map<InstanceKey, IndexRows> all;
    const std::uint64_t before = std::uint64_t{bucket} << 55;
    for (ports::TimerCursor after;;) {
        const auto page = store.timers_due(bucket, Instant::max(), after, rows_at_once);
        for (const auto& row : page) all[row.instance].timers.push_back(row);
        if (page.size() < rows_at_once) break;
        after = {page.back().due, page.back().key};
    }
    const auto collect = [&](auto first, auto read, auto member) {
        for (auto after = first;;) {
            const auto page = read(after);
            for (const auto& row : page) {
                if (core::created_at(row.key).bucket != bucket) return;
                (all[row.instance].*member).push_back(row);
            }
            if (page.size() < rows_at_once) return;
            after = page.back().key;
        }
    };
    collect(core::WaitKey{before}, [&](auto after) { return store.all_subscriptions(after, rows_at_once); }, &IndexRows::subscriptions);
    collect(TaskKey{before}, [&](auto after) { return store.tasks({.after = after, .limit = rows_at_once}); }, &IndexRows::tasks);
    collect(IncidentKey{before}, [&](auto after) { return store.incidents({.after = after, .limit = rows_at_once}); }, &IndexRows::incidents);
    return all;
}

/// Waits that a message of the inbox is on its way to: whoever gave it to them took their row away.
std::vector<std::uint64_t> reached_by_messages(ports::Store& store, std::uint32_t bucket) {
    std::vector<std::uint64_t> waits;
    for (std::uint64_t after = 0;;) {
        const auto page = store.inbox(bucket, after, rows_at_once);
        for (const auto& row : page) {
            try {
                const InboxCommand command = decode_inbox(row.command);
                if (const auto* delivery = std::get_if<DeliverMessage>(&command)) waits.push_back(delivery->wait);
            } catch (const Error&) {
                // Its bucket says so when it reads the row.
            }
        }
        if (page.size() < rows_at_once) return waits;
        after = page.back().arrival;
    }
}

template <class Field>
std::string spelled(const Field& field) {
    if constexpr (std::is_same_v<Field, bool>) return field ? "yes" : "no";
    else if constexpr (std::is_integral_v<Field>) return std::to_string(field);
    else if constexpr (std::is_same_v<Field, lifecycle::Instance>) return std::string{lifecycle::to_string(field)};
    else if constexpr (std::is_same_v<Field, Instant>) return std::to_string(field.time_since_epoch().count());
    else if constexpr (std::is_same_v<Field, core::Position>) return std::to_string(field.bucket) + ":" + std::to_string(field.sequence);
    else if constexpr (std::is_same_v<Field, journal::Link>) return field.str().substr(0, 12);
    else return "\"" + field + "\"";
}

/// What one instance's rows say otherwise than its journal.
class Comparing {
public:
    Comparing(InstanceKey instance, std::vector<Difference>& out) : instance_{instance}, out_{out} {}

    void heads(const ports::InstanceRow& wanted, const ports::InstanceRow& found) {
        const auto field = [&](const char* name, const auto& a, const auto& b) {
            if (!(a == b)) say("instance", instance_.value, std::string{name} + " is " + spelled(b) + ", the journal says " + spelled(a));
        };
        field("process", wanted.process, found.process);
        field("definition", wanted.definition, found.definition);
        field("business key", wanted.business_key, found.business_key);
        field("period", wanted.period, found.period);
        field("phase", wanted.phase, found.phase);
        field("active", wanted.active, found.active);
        field("has incident", wanted.has_incident, found.has_incident);
        field("started", wanted.started, found.started);
        field("changed", wanted.changed, found.changed);
        field("rows", wanted.rows, found.rows);
        field("last", wanted.last, found.last);
        field("head", wanted.head, found.head);
    }
    void rows(const IndexRows& wanted, const IndexRows& found, const std::function<bool(const ports::SubscriptionRow&)>& may_be_missing) {
        table("timer", wanted.timers, found.timers);
        table("subscription", wanted.subscriptions, found.subscriptions, may_be_missing);
        table("task", wanted.tasks, found.tasks);
        table("incident", wanted.incidents, found.incidents);
    }
    void say(std::string table, std::uint64_t key, std::string what) { out_.push_back({instance_, std::move(table), key, std::move(what)}); }

private:
    static std::uint64_t number(std::uint64_t key) { return key; }
    template <class Tag>
    static std::uint64_t number(Key<Tag> key) { return key.value; }

    template <class Row>
    void table(const char* name, const std::vector<Row>& wanted, const std::vector<Row>& found,
               const std::function<bool(const Row&)>& may_be_missing = {}) {
        const auto in = [](const std::vector<Row>& rows, const Row& row) {
            return std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.key == row.key; });
        };
        for (const Row& row : wanted) {
            const auto it = in(found, row);
            if (it == found.end() && !(may_be_missing && may_be_missing(row))) say(name, number(row.key), "the row is missing");
            else if (it != found.end() && !(*it == row)) say(name, number(row.key), "the row differs from what the journal says");
        }
        for (const Row& row : found)
            if (in(wanted, row) == wanted.end()) say(name, number(row.key), "there is a row, and the journal knows of none");
    }

    InstanceKey instance_;
    std::vector<Difference>& out_;
};

/// One bucket: all of its instances at first, then those that seemed to differ.
class BucketCheck {
public:
    BucketCheck(ports::Store& store, const Definitions& definitions, std::uint32_t bucket)
        : store_{store}, definitions_{definitions}, bucket_{bucket} {}

    void run(Check& check, const std::function<void(std::size_t)>& progress) {
        read_journal(progress);
        compare_all();
        check.instances += instances_;
        for (int look = 1; look < looks && !found_.empty(); ++look) look_again();
        for (const auto& [key, differences] : found_) {
            const auto row = store_.instance(key);
            if (row && row->last != seen_[key]) ++check.moving;
            else check.differences.insert(check.differences.end(), differences.begin(), differences.end());
        }
    }

private:
    void read_journal(const std::function<void(std::size_t)>& progress) {
        for (std::uint64_t from = 1;;) {
            const auto rows = store_.journal_of_bucket(bucket_, from, rows_at_once);
            for (const auto& row : rows) {
                Rebuilt& rebuilt = rebuilt_[row.instance];
                rebuilt.add(row, definitions_);
                // Of what has ended nothing is looked at but its head.
                if (rebuilt.live.state.ended()) forget_all_but_the_end(rebuilt.live.state);
            }
            progress(rows.size());
            if (rows.size() < rows_at_once) return;
            from = rows.back().position.sequence + 1;
        }
    }
    static void forget_all_but_the_end(core::State& state) {
        core::State end;
        end.phase = state.phase;
        end.rows = state.rows;
        state = std::move(end);
    }
    void compare_all() {
        load_rows();
        for_each_instance(store_, bucket_, [this](const ports::InstanceRow& row) {
            ++instances_;
            const auto it = rebuilt_.find(row.key);
            compare(row.key, row, it == rebuilt_.end() ? nullptr : &it->second);
            if (it != rebuilt_.end()) rebuilt_.erase(it);
            found_rows_.erase(row.key);
        });
        for (auto& [key, rebuilt] : rebuilt_) found_[key].push_back({key, "instance", key.value, "the row is missing, and the journal has rows of it"});
        rebuilt_.clear();
        for (const auto& [key, rows] : found_rows_)
            if (!found_.contains(key)) Comparing{key, found_[key]}.rows({}, rows, {});
    }
    void load_rows() {
        reached_ = reached_by_messages(store_, bucket_);
        found_rows_ = rows_of_bucket(store_, bucket_);
    }
    void compare(InstanceKey key, const ports::InstanceRow& row, Rebuilt* rebuilt) {
        std::vector<Difference> differences;
        Comparing comparing{key, differences};
        seen_[key] = row.last;
        if (!rebuilt && !row.dropped) comparing.say("journal", key.value, "all of its " + std::to_string(row.rows) + " rows are missing");
        if (rebuilt && !rebuilt->damage.empty()) comparing.say("journal", key.value, rebuilt->damage);
        else if (rebuilt) {
            rebuilt->finish();
            comparing.heads(rebuilt->live.row, row);
            const bool is_suspended = row.phase == lifecycle::Instance::suspended;   // its messages went back; they come again when it is resumed
            comparing.rows(rebuilt->rows, found_rows_[key], [&](const ports::SubscriptionRow& wanted) {
                return is_suspended || std::find(reached_.begin(), reached_.end(), wanted.key.value) != reached_.end();
            });
            if (!rebuilt->live.state.ended()) compare_snapshot(comparing, *rebuilt, key);
        }
        if (differences.empty()) found_.erase(key), seen_.erase(key);
        else found_[key] = std::move(differences);
    }
    void compare_snapshot(Comparing& comparing, const Rebuilt& rebuilt, InstanceKey key) const {
        if (!store_.snapshot(key)) return;
        const auto live = read_instance(store_, definitions_, key);
        if (live && live->state.rows == rebuilt.live.state.rows && !(live->state == rebuilt.live.state))
            comparing.say("snapshot", key.value, "the state behind it is not the one that the journal tells");
    }
    void look_again() {
        std::this_thread::sleep_for(between_looks);
        load_rows();
        const auto suspects = std::exchange(found_, {});
        for (const auto& [key, before] : suspects) {
            const auto row = store_.instance(key);
            if (!row) {
                found_[key] = before;
                continue;
            }
            Rebuilt rebuilt;
            for (core::Position after;;) {
                const auto rows = store_.journal(key, after, rows_at_once);
                for (const auto& next : rows) rebuilt.add(next, definitions_);
                if (rows.size() < rows_at_once) break;
                after = rows.back().position;
            }
            const bool is_lost = rebuilt.live.state.rows == 0 && rebuilt.damage.empty();
            compare(key, *row, is_lost ? nullptr : &rebuilt);
        }
    }

    ports::Store& store_;
    const Definitions& definitions_;
    std::uint32_t bucket_;
    std::map<InstanceKey, Rebuilt> rebuilt_;
    std::map<InstanceKey, IndexRows> found_rows_;
    std::vector<std::uint64_t> reached_;
    std::map<InstanceKey, std::vector<Difference>> found_;
    std::map<InstanceKey, core::Position> seen_;      ///< how far those were that differ
    std::uint64_t instances_ = 0;
};

}  // namespace

IndexRows index_rows_of(const Live& live) {
    Live copy = live;
    ports::Batch batch;
    derive_rows(copy, core::open_effects(copy.state), batch);
    return {std::move(batch.timers), std::move(batch.subscriptions), std::move(batch.tasks), std::move(batch.incidents)};
}

Check check_rows(ports::Store& store, const Definitions& definitions, const Progress& progress) {
    Check check;
    const std::uint64_t total = rows_written(store);
    std::uint64_t done = 0;
    for (std::uint32_t bucket = 0; bucket < store.info().buckets; ++bucket)
        BucketCheck{store, definitions, bucket}.run(check, [&](std::size_t rows) {
            if (progress) progress(std::min(done += rows, total), total);
        });
    return check;
}

}  // namespace kontor::runtime

#include "simulation/earlier_release.hpp"

#include "journal/encoding.hpp"
#include "journal/error.hpp"
#include "journal/upgrade.hpp"
#include "processes/checked.hpp"

#include <array>
#include <map>
#include <utility>

namespace kontor {

using namespace core;

// ---- events as they once were --------------------------------------------------------------------------------------------------

namespace {

/// It counted from 0, and gave a reason that nobody read.
struct JobRetriedBefore {
    static constexpr EventType type{"jobRetried", 34, 0};
    ElementKey key;
    std::string reason;
    std::uint32_t repetitions = 0;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key), f("reason", e.reason), f("repetitions", e.repetitions); }
    JobRetried upgraded() && { return {key, repetitions + 1}; }
};
JobRetriedBefore before(const JobRetried& e) { return {e.key, "again", e.attempt - 1}; }

/// Its flags meant the opposite, and stood elsewhere.
struct JobBackedOffBefore {
    static constexpr EventType type{"jobBackedOff", 33, 0};
    bool free = false;
    bool had_no_effect = false;
    std::string message;
    Instant due;
    ElementKey key;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) {
        f("free", e.free), f("hadNoEffect", e.had_no_effect), f("message", e.message), f("due", e.due), f("key", e.key);
    }
    JobBackedOff upgraded() && { return {key, due, !free, std::move(message), !had_no_effect}; }
};
JobBackedOffBefore before(const JobBackedOff& e) { return {!e.counted, !e.lost, e.message, e.due, e.key}; }

/// Its writes stood in three lists.
struct ElementCompletedBefore {
    static constexpr EventType type{"elementCompleted", 22, 0};
    ElementKey key;
    std::vector<ElementKey> scopes;
    std::vector<std::string> names;
    std::vector<Value> values;
    std::vector<FlowIndex> taken;
    std::optional<Variables> compensation;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) {
        f("key", e.key), f("scopes", e.scopes), f("names", e.names), f("values", e.values), f("taken", e.taken), f("compensation", e.compensation);
    }
    ElementCompleted upgraded() && {
        ElementCompleted now{key, {}, std::move(taken), std::move(compensation)};
        for (std::size_t i = 0; i < scopes.size(); ++i) now.writes.push_back({scopes[i], std::move(names.at(i)), std::move(values.at(i))});
        return now;
    }
};
ElementCompletedBefore before(const ElementCompleted& e) {
    ElementCompletedBefore old{e.key, {}, {}, {}, e.taken, e.compensation};
    for (const auto& write : e.writes) old.scopes.push_back(write.scope), old.names.push_back(write.name), old.values.push_back(write.value);
    return old;
}

/// One flow was the rule, and more the exception.
struct ElementActivatedBefore {
    static constexpr EventType type{"elementActivated", 20, 0};
    ElementKey scope;
    ElementKey key;
    ElementIndex element{};
    std::optional<FlowIndex> flow;
    std::vector<FlowIndex> further;
    bool joined = false;
    ElementKey compensates;
    Value payload;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) {
        f("scope", e.scope), f("key", e.key), f("element", e.element), f("flow", e.flow), f("further", e.further), f("joined", e.joined),
            f("compensates", e.compensates), f("payload", e.payload);
    }
    ElementActivated upgraded() && {
        ElementActivated now{key, element, scope, {}, joined, compensates, std::move(payload)};
        if (flow) now.flows.push_back(*flow);
        now.flows.insert(now.flows.end(), further.begin(), further.end());
        return now;
    }
};
ElementActivatedBefore before(const ElementActivated& e) {
    ElementActivatedBefore old{e.scope, e.key, e.element, {}, {}, e.joined, e.compensates, e.payload};
    if (!e.flows.empty()) old.flow = e.flows.front(), old.further.assign(e.flows.begin() + 1, e.flows.end());
    return old;
}

/// Nothing meant for ever.
struct TimerScheduledBefore {
    static constexpr EventType type{"timerScheduled", 50, 0};
    WaitKey wait;
    ElementKey owner;
    ElementIndex element{};
    Instant due;
    std::optional<std::uint32_t> repetitions;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) {
        f("wait", e.wait), f("owner", e.owner), f("element", e.element), f("due", e.due), f("repetitions", e.repetitions);
    }
    TimerScheduled upgraded() && { return {wait, owner, element, due, repetitions ? static_cast<std::int32_t>(*repetitions) : -1}; }
};
TimerScheduledBefore before(const TimerScheduled& e) {
    return {e.wait, e.owner, e.element, e.due, e.repetitions < 0 ? std::nullopt : std::optional{static_cast<std::uint32_t>(e.repetitions)}};
}

/// The others were as they are.
template <class E>
const E& before(const E& e) {
    return e;
}

constexpr std::array table{
    journal::old_version<JobRetriedBefore>(),     journal::old_version<JobBackedOffBefore>(),   journal::old_version<ElementCompletedBefore>(),
    journal::old_version<ElementActivatedBefore>(), journal::old_version<TimerScheduledBefore>(),
};

}  // namespace

/// Instead of those in engine/journal/old_versions.cpp, which therefore is not linked.
std::span<const journal::Decoder> journal::old_versions() noexcept { return table; }

namespace simulation {

std::string written_before(const Record& record) {
    std::string out = journal::encode({record.position, record.instance, record.at, {}});
    out.pop_back();   // that there are no events
    bytes::Writer writer{out};
    writer.varint(record.events.size());
    std::string content;
    journal::FieldWriter fields{{journal::first_key(record.position), record.instance.value, record.at}, content};
    for (const Event& event : record.events)
        std::visit(
            [&](const auto& today) {
                const auto& old = before(today);
                content.clear();
                fields.fields(old);
                writer.varint(old.type.number);
                writer.varint(old.type.version);
                writer.text(content);
            },
            event);
    return out;
}

namespace {

/// What the row says today; nothing if it cannot be read.
std::string read_back(const ports::JournalRow& row) try {
    return journal::encode(journal::decode(row.position, row.bytes));
} catch (const journal::ReadError&) {
    return {};
}

}  // namespace

ports::Batch Release::rewritten(ports::Batch batch, store::MemoryStore& stored, Instant now) {
    const bool is_before = upgrade_ && now < *upgrade_;
    std::map<InstanceKey, journal::Link> heads;
    for (const auto& row : batch.instances)
        if (const auto known = stored.instance(row.key)) heads.emplace(row.key, known->head);
    for (auto& row : batch.journal) {
        if (is_before) {
            const std::string today = std::exchange(row.bytes, written_before(journal::decode(row.position, row.bytes)));
            if (read_back(row) != today) throw test::Violation{"row " + std::to_string(row.position.sequence) + " of the release before is not read as what it says"};
            ++rows_before_;
        }
        auto& head = heads.try_emplace(row.instance, journal::first_link(row.instance)).first->second;
        row.link = head = journal::extend(head, row.position, row.bytes);
    }
    for (auto& row : batch.instances)
        if (const auto head = heads.find(row.key); head != heads.end()) row.head = head->second;
    if (is_before)
        for (auto& row : batch.snapshots) row.bytes.front() = '\0';   // a version of the snapshot that this release does not know
    return batch;
}

}  // namespace simulation
}  // namespace kontor

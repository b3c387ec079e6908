#include "journal/encoding.hpp"
#include "journal/error.hpp"
#include "journal/upgrade.hpp"

#include <catch2/catch.hpp>

using namespace kontor;
using namespace kontor::journal;

namespace {

/// As if JobRetried had once counted from 0 and named its reason.
struct JobRetriedOnce {
    static constexpr core::EventType type{"jobRetried", 34, 0};
    core::ElementKey key;
    std::string reason;
    std::uint32_t repetitions = 0;
    template <class Self, class F>
    static void each_field(Self& e, F&& f) { f("key", e.key), f("reason", e.reason), f("repetitions", e.repetitions); }
    core::JobRetried upgraded() && { return {key, repetitions + 1}; }
};

const core::Position position{3, 17};
const InstanceKey instance{first_key({3, 5})};

/// A row whose one event has that number, version and fields.
template <class E>
std::string row(const E& event, std::uint64_t number, std::uint64_t version) {
    std::string out = encode({position, instance, Instant{}, {}});
    out.back() = 1;   // the number of events
    std::string content;
    FieldWriter{{first_key(position), instance.value, Instant{}}, content}.fields(event);
    bytes::Writer writer{out};
    writer.varint(number);
    writer.varint(version);
    writer.text(content);
    return out;
}

}  // namespace

TEST_CASE("an event of an old version becomes the event of today") {
    const std::array old{old_version<JobRetriedOnce>()};
    const Decoders decoders{old};
    const std::string stored = row(JobRetriedOnce{{instance.value + 1}, "busy", 4}, 34, 0);
    const core::Record read = decode(position, stored, decoders);
    CHECK(read.events == std::vector<core::Event>{core::JobRetried{{instance.value + 1}, 5}});

    const core::Record today{position, instance, Instant{}, {core::JobRetried{{instance.value + 1}, 5}}};
    CHECK(decode(position, encode(today), decoders) == today);
}

TEST_CASE("an event from the future is refused as that, not as damage") {
    const core::JobRetried event{{9}, 2};
    CHECK_THROWS_WITH(decode(position, row(event, 34, 9)),
                      "journal row 3:17, event 1: event type 34 version 9 was written by a newer version of Kontor");
    CHECK_THROWS_AS(decode(position, row(event, 34, 9)), NewerVersion);
    CHECK_THROWS_AS(decode(position, row(event, 9'999, 1)), NewerVersion);
    CHECK_THROWS_AS(decode(position, row(event, 34, 0)), Damaged);

    std::string later_format = row(event, 34, 1);
    later_format[0] = 2;
    CHECK_THROWS_AS(decode(position, later_format), NewerVersion);
}

TEST_CASE("an unknown name of an enumerator comes from the future") {
    const core::IncidentRaised raised{{9}, {8}, core::IncidentKind::decision, "no row fits"};
    std::string stored = row(raised, 70, 1);
    stored[stored.find("decision")] = 'D';
    CHECK_THROWS_AS(decode(position, stored), NewerVersion);
    CHECK_FALSE(from_name<core::IncidentKind>(name_of(static_cast<core::IncidentKind>(200))));
}

/// How large a row is and how long it takes: `test_journal "[measure]"` prints the times, built with the release preset.
#include "dump.hpp"
#include "journal/chain.hpp"
#include "journal/encoding.hpp"
#include "journal/key_codec.hpp"
#include "journal/snapshot.hpp"
#include "random_fields.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <iostream>

using namespace kontor;
using namespace kontor::journal;
using namespace kontor::literals;

namespace {

// An instance that started 40,000 rows ago, in the middle of a store's second million.
const core::Position position{11, 1'540'000};
const std::uint64_t instance = first_key({11, 1'500'000});
const std::uint64_t row = first_key(position);

/// 100 bytes as the codec writes them.
Variables input() { return {{"customer", "L-42"}, {"amount", "250000.00"_dec}, {"purpose", std::string(61, 'x')}}; }

/// The first step: the token reaches a service task, whose job is created.
core::Record service_task() {
    const core::ElementKey key{row};
    return {position,
            {instance},
            Instant{Duration{1'772'355'600'000}},
            {core::ElementActivated{key, core::ElementIndex{4}, {instance}, {core::FlowIndex{3}}, false, {}, {}},
             core::JobCreated{key, input()}}};
}

/// The next: the service answers, the task completes, the token goes on to another one.
core::Record answer() {
    const core::ElementKey done{first_key({11, 1'539'990}) + 2};
    core::Record record = service_task();
    record.events.insert(record.events.begin(), {core::JobCompleted{done, Value{input()}},
                                                 core::ElementCompleted{done, {{{instance}, "credit", 700}}, {core::FlowIndex{3}}, {}}});
    return record;
}

template <class Work>
double nanoseconds(Work work) {
    constexpr int rounds = 20'000;
    double best = 1e9;
    for (int repetition = 0; repetition < 5; ++repetition) {
        const auto begin = std::chrono::steady_clock::now();
        for (int round = 0; round < rounds; ++round) work();
        best = std::min(best, std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() / rounds);
    }
    return best;
}

}  // namespace

TEST_CASE("the row of a service step takes few bytes beside its data") {
    std::string data;
    codec::encode(Value{input()}, data);
    CHECK(data.size() == 100);
    CHECK(encode(service_task()).size() - data.size() <= 40);
    CHECK(encode(answer()).size() - 2 * data.size() <= 70);
}

TEST_CASE("times", "[.][measure]") {
    const core::Record record = service_task();
    const std::string bytes = encode(record);
    const Link link = first_link({instance});
    test::Maker make{5};
    core::State state = make.state();
    for (std::uint64_t n = 1; n <= 10; ++n) state.elements[{instance + n}] = make.any<core::ElementInstance>();
    const std::string snapshot = encode_snapshot(state);

    std::cout << "service task: " << bytes.size() << " bytes (as JSON " << test::dump_row(record).size() << ")\n"
              << "its answer and the next one: " << encode(answer()).size() << " bytes\n"
              << "encode:  " << nanoseconds([&] { return encode(record); }) << " ns\n"
              << "decode:  " << nanoseconds([&] { return decode(position, bytes); }) << " ns\n"
              << "extend:  " << nanoseconds([&] { return extend(link, position, bytes); }) << " ns\n"
              << "snapshot of " << state.elements.size() << " elements, " << snapshot.size() << " bytes: encode "
              << nanoseconds([&] { return encode_snapshot(state); }) << " ns, decode "
              << nanoseconds([&] { return decode_snapshot(snapshot); }) << " ns\n";
}

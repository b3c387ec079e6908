#include "runtime/restored.hpp"

#include "runtime/engine_impl.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace kontor::runtime {
namespace {

constexpr Instant first_day{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
constexpr std::uint64_t places_a_millisecond = 4;
constexpr std::uint64_t far = 1ULL << 32;
constexpr std::size_t at_once = 1'000;

/// What was begun and is not answered yet.
class Answers {
public:
    void begin() {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return open_ < at_once; });
        ++open_;
    }
    void come(const Result<void>& answer) {
        const std::scoped_lock lock{mutex_};
        --open_;
        if (answer) ++rewound_.halted;
        else if (answer.error().code() == Code::conflict) ++rewound_.before;   // halted before, or it has ended
        else if (!error_) error_ = answer.error();
        changed_.notify_all();
    }
    [[nodiscard]] bool has_failed() {
        const std::scoped_lock lock{mutex_};
        return error_.has_value();
    }
    Rewound wait() {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return open_ == 0; });
        if (error_) throw *error_;
        return rewound_;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t open_ = 0;
    Rewound rewound_;
    std::optional<Error> error_;
};

}  // namespace

std::uint64_t sequence_after_restore(ports::Store& store, Instant now) {
    std::uint64_t furthest = 0;
    for (std::uint32_t bucket = 0; bucket < store.info().buckets; ++bucket) furthest = std::max(furthest, store.next_sequence(bucket));
    const auto age = (now - first_day).count();
    const std::uint64_t by_time = age > 0 ? static_cast<std::uint64_t>(age) * places_a_millisecond : 0;
    return by_time > furthest ? by_time : furthest + far;
}

std::vector<InstanceKey> RestoredEngine::open_instances() const {
    std::vector<InstanceKey> keys;
    for (const State state : {State::running, State::incident, State::suspended, State::cancelling}) {
        InstanceQuery query{.state = state, .limit = 1'000};
        do {
            const auto page = instances(query);
            for (const auto& info : page) keys.push_back(info.key);
            query.after = page.next;
        } while (query.after);
    }
    return keys;
}

Rewound RestoredEngine::rewind(const std::string& why, const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    const auto keys = open_instances();
    Answers answers;
    std::uint64_t done = 0;
    for (const InstanceKey key : keys) {
        if (answers.has_failed()) break;
        answers.begin();
        impl().command(key, core::Rewind{why}, {}, [&](const Result<void>& answer) { answers.come(answer); });
        if (progress) progress(++done, keys.size());
    }
    return answers.wait();
}

}  // namespace kontor::runtime

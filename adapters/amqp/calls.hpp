#pragma once
/// The calls that have not been answered: which wait to be sent, which the broker has not confirmed, which wait for their answer. Any thread;
/// nothing blocks. Replies are given outside of the lock, since an answer may begin another call.
#include "amqp/answer.hpp"
#include "amqp/connection.hpp"
#include "amqp/request.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace kontor::amqp_client {

using SteadyTime = std::chrono::steady_clock::time_point;

class Calls {
public:
    explicit Calls(std::size_t most_waiting) : most_waiting_{most_waiting} {}

    struct Call {
        JobKey job{};
        bool is_query = false;
        Request request{};
        Reply reply;
        SteadyTime give_up{};         ///< not sent by then: it fails
    };
    /// Answered at once if there is no room, or after close().
    void add(Call call);
    /// Nobody wants the answer. What has not been sent surely has had no effect.
    void cancel(JobKey job);

    // ---- for the thread that sends ------------------------------------------------------------------------------------------
    /// Sends what waits, the oldest first, as long as `send` gives a tag and no more than `most_unconfirmed` are open. False: it gave none,
    /// and the call still waits.
    bool send(std::size_t most_unconfirmed, const std::function<std::optional<std::uint64_t>(const Request&)>& send);
    void confirmed(std::uint64_t tag, bool multiple);
    void refused(std::uint64_t tag, bool multiple);
    void returned(const std::string& correlation_id, std::string why);
    /// The connection is gone: what was not confirmed is unknown, a question is asked again, the rest still waits for its answer.
    void disconnected(const std::string& why);
    /// The reply of the call that this answers, which is then no longer here: the attempt's own, or any attempt's of that step if the answer
    /// `counts_for_all`.
    std::optional<Reply> take(const Correlation& correlation, bool counts_for_all);
    /// Fails what waits and is due, with `why`; returns when the next one is due.
    SteadyTime expire(SteadyTime now, const std::string& why);
    /// Fails all that wait.
    void fail_waiting(const std::string& why);
    /// How many the broker is not known to have: they wait or are not confirmed. Looks at all; for tests.
    [[nodiscard]] std::size_t unconfirmed() const;

    /// From now on nothing is taken, and everything is answered.
    void close();

private:
    enum class At { waiting, sent, confirmed };
    struct Entry {
        Call call;
        At at = At::waiting;
        std::uint64_t tag = 0;
        std::string returned{};       ///< why the broker sent it back
    };
    using Entries = std::unordered_map<std::string, Entry>;   ///< by correlation id
    using Answers = std::vector<std::pair<Reply, ports::CallOutcome>>;

    void settle(std::uint64_t tag, bool multiple, bool is_refusal);
    void settle_one(const std::string& id, bool is_refusal, Answers& answers);
    void forget(Entries::iterator it);
    template <class F>
    void fail_waiting_if(F condition, const std::string& why);
    static void give_all(Answers answers);

    const std::size_t most_waiting_;
    mutable std::mutex mutex_;
    Entries entries_;
    std::unordered_map<JobKey, std::string> latest_;          ///< correlation id of a job's call
    std::unordered_map<std::string, std::string> latest_of_key_;   ///< the same by idempotency key
    std::deque<std::string> waiting_;                         ///< ids; one that is gone or sent is skipped
    std::size_t count_waiting_ = 0;
    std::map<std::uint64_t, std::string> unconfirmed_;
    bool closed_ = false;
};

}  // namespace kontor::amqp_client

#pragma once
/// Letters to buckets that other nodes have, and the answers to them.
#include "runtime/commit/committer.hpp"
#include "runtime/mail/inbox.hpp"
#include "runtime/mail/letters.hpp"
#include "runtime/mail/signals.hpp"

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace kontor::runtime {

/// Any thread. A letter is a row of the inbox; whoever has the bucket consumes it and commits the answer with what the letter did. So it is
/// carried out once, whatever becomes of either node; only its sender may not hear of it any more.
class PostOffice final : public CommitClient {
public:
    using Answered = std::function<void(Answer)>;

    /// `written` is told for which bucket a letter has become durable: it may have come to this node meanwhile.
    PostOffice(ports::Store&, Workshop&, Committer&, Signals&, std::string node, std::size_t queue, std::function<void(std::uint32_t)> written);

    /// Sends an order that came from outside or from a service. Answers Error{busy} if too many wait, Error{outcome_unknown} if no answer
    /// comes.
    void send(std::uint32_t bucket, Order);
    void send(std::uint32_t bucket, Message, std::function<void(Result<Published>)> done);
    /// Answers may have come.
    void look();
    /// Now and then: looks, and gives up waiting for what has taken too long.
    void look_after();
    /// Nothing is sent any more, and nobody waits any more.
    void close();

private:
    struct Waiting {
        Answered done;
        Instant until{};
        std::optional<std::uint32_t> in_doubt{};   ///< the bucket, of a letter of which nobody can say whether it was written
    };
    using Write = std::function<InboxCommand(ReturnAddress)>;

    void committed(std::size_t letters) override;
    void refused(std::string why) override;
    void lost(bool may_be_written, std::string why) override;

    /// `done` may be empty.
    void send(std::uint32_t bucket, bool may_be_refused, const Write& write, Answered done);
    void answer(const std::string& id, Answer);
    void read_all_answers();
    bool read_answers();
    void look_for_letters_in_doubt();

    struct Sent {
        std::uint32_t bucket;
        std::string id;
    };

    ports::Store& store_;
    Workshop& workshop_;
    Committer& committer_;
    Signals& signals_;
    const std::string node_;
    const std::size_t queue_;
    const std::function<void(std::uint32_t)> written_;
    std::mutex mutex_;
    std::uint64_t letters_ = 0;                            ///< written so far: each is a generation of its own
    std::deque<Sent> sent_;                                ///< not durable yet
    std::unordered_map<std::string, Waiting> waiting_;
    bool looking_ = false;
    bool look_again_ = false;
    bool closed_ = false;
};

}  // namespace kontor::runtime

#include "runtime/mail/post_office.hpp"

#include <boost/asio/post.hpp>

#include <optional>

namespace kontor::runtime {
namespace {

/// An answer takes some milliseconds; a bucket whose node has died is taken over within a lease.
constexpr Duration patience = std::chrono::minutes{1};
constexpr std::size_t answers_at_once = 1'000;

OrderResult order_result(Answer answer) {
    if (auto* accepted = std::get_if<Accepted>(&answer)) return *accepted;
    if (auto* rejection = std::get_if<core::Rejection>(&answer)) return std::move(*rejection);
    if (auto* error = std::get_if<Error>(&answer)) return std::move(*error);
    return Error{Code::outcome_unknown, "another node gave an answer that does not fit"};
}

Result<Published> published(const Answer& answer) {
    if (const auto* published = std::get_if<Published>(&answer)) return *published;
    if (const auto* error = std::get_if<Error>(&answer)) return *error;
    return Error{Code::outcome_unknown, "another node gave an answer that does not fit"};
}

Answer answer_in(const ports::ReplyRow& row) {
    try {
        return decode_answer(row.answer);
    } catch (const Error& error) {
        return Error{Code::outcome_unknown, error.what()};
    }
}

}  // namespace

PostOffice::PostOffice(ports::Store& store, Workshop& workshop, Committer& committer, Signals& signals, std::string node, std::size_t queue,
                       std::function<void(std::uint32_t)> written)
    : store_{store},
      workshop_{workshop},
      committer_{committer},
      signals_{signals},
      node_{std::move(node)},
      queue_{queue},
      written_{std::move(written)} {}

void PostOffice::send(std::uint32_t bucket, Order order) {
    Answered done;
    if (order.done) done = [done = std::move(order.done)](Answer answer) { done(order_result(std::move(answer))); };
    const auto write = [&](ReturnAddress from) -> InboxCommand {
        ForwardedCommand letter{std::move(from), order.instance, std::move(order.command), {}, {}};
        if (order.request) {
            letter.request_id = order.request->id;
            letter.request_hash = order.request->body_hash;
        }
        return letter;
    };
    send(bucket, order.from_outside, write, std::move(done));
}

void PostOffice::send(std::uint32_t bucket, Message message, std::function<void(Result<Published>)> done) {
    Answered answered;
    if (done) answered = [done = std::move(done)](const Answer& answer) { done(published(answer)); };
    send(bucket, true, [&](ReturnAddress from) -> InboxCommand { return ForwardedMessage{std::move(from), std::move(message)}; }, std::move(answered));
}

void PostOffice::send(std::uint32_t bucket, bool may_be_refused, const Write& write, Answered done) {
    std::optional<Error> refusal;
    Unit unit;
    {
        const std::scoped_lock lock{mutex_};
        if (closed_) refusal.emplace(Code::shutting_down, "the engine stops");
        else if (may_be_refused && waiting_.size() + sent_.size() >= queue_)
            refusal.emplace(Code::busy, std::to_string(queue_) + " commands wait for other nodes", std::chrono::milliseconds{200});
        if (!refusal) {
            std::string id = "f/" + node_ + "/" + std::to_string(++letters_);
            unit.generation = letters_;
            ReturnAddress from;
            if (done) from = {node_, id};
            unit.rows.inbox.push_back({bucket, id, encode(write(std::move(from))), workshop_.clock().now()});
            if (done) waiting_.emplace(id, Waiting{std::move(done), Instant::max(), {}});
            sent_.push_back({bucket, std::move(id)});
            committer_.submit(*this, std::move(unit));   // within the lock: the order here is the order there
            return;
        }
    }
    if (done) done(std::move(*refusal));
}

void PostOffice::committed(std::size_t letters) {
    const std::scoped_lock lock{mutex_};
    const Instant until = workshop_.clock().now() + patience;
    for (std::size_t n = 0; n < letters; ++n) {
        if (const auto waiting = waiting_.find(sent_.front().id); waiting != waiting_.end()) waiting->second.until = until;
        signals_.tell({Signal::About::inbox, sent_.front().bucket, {}});
        written_(sent_.front().bucket);
        sent_.pop_front();
    }
}

void PostOffice::refused(std::string why) {
    std::unique_lock lock{mutex_};
    const std::string id = std::move(sent_.front().id);
    sent_.pop_front();
    lock.unlock();
    answer(id, Error{Code::bad_input, "the commit failed: " + why});
}

/// The letter may have been written, and will be answered then: who wrote it goes on waiting until somebody has looked.
void PostOffice::lost(bool may_be_written, std::string why) {
    std::unique_lock lock{mutex_};
    const auto [bucket, id] = std::move(sent_.front());
    sent_.pop_front();
    const auto waiting = waiting_.find(id);
    if (may_be_written && waiting != waiting_.end()) {
        waiting->second.until = workshop_.clock().now() + patience;
        waiting->second.in_doubt = bucket;
    }
    lock.unlock();
    if (!may_be_written) answer(id, Error{Code::unavailable, "the command could not be sent to its node: " + why});
}

void PostOffice::answer(const std::string& id, Answer answer) {
    Answered done;
    {
        const std::scoped_lock lock{mutex_};
        const auto waiting = waiting_.find(id);
        if (waiting == waiting_.end()) return;
        done = std::move(waiting->second.done);
        waiting_.erase(waiting);
    }
    done(std::move(answer));
}

void PostOffice::look() {
    {
        const std::scoped_lock lock{mutex_};
        if (waiting_.empty() || closed_) return;
        look_again_ = true;
        if (std::exchange(looking_, true)) return;
    }
    boost::asio::post(workshop_.reads(), [this] {
        for (;;) {
            {
                const std::scoped_lock lock{mutex_};
                if (!std::exchange(look_again_, false)) {
                    looking_ = false;
                    return;
                }
            }
            try {
                look_for_letters_in_doubt();
                read_all_answers();
            } catch (const std::exception&) {   // the store is away: look_after() comes again
            }
        }
    });
}

void PostOffice::read_all_answers() {
    while (read_answers()) {}
}

/// Whether there may be more.
bool PostOffice::read_answers() {
    const auto rows = store_.replies(node_, answers_at_once);
    std::vector<std::string> read;
    for (const auto& row : rows) {
        read.push_back(row.id);
        answer(row.id, answer_in(row));
    }
    if (!read.empty()) store_.forget_replies(node_, read);
    return rows.size() == answers_at_once;
}

/// One that does not lie there was answered, in the commit that consumed it, or was not written; so that nobody waits in vain.
void PostOffice::look_for_letters_in_doubt() {
    std::vector<std::pair<std::uint32_t, std::string>> letters;
    {
        const std::scoped_lock lock{mutex_};
        for (const auto& [id, waiting] : waiting_)
            if (waiting.in_doubt) letters.emplace_back(*waiting.in_doubt, id);
    }
    if (letters.empty()) return;
    std::erase_if(letters, [&](const auto& letter) { return store_.is_in_inbox(letter.first, letter.second); });
    read_all_answers();
    for (const auto& [bucket, id] : letters)
        answer(id, Error{Code::outcome_unknown,
                         "the connection to the store broke while the command was sent to another node; look up what became of it"});
}

void PostOffice::look_after() {
    std::vector<std::string> late;
    {
        const std::scoped_lock lock{mutex_};
        const Instant now = workshop_.clock().now();
        for (const auto& [id, waiting] : waiting_)
            if (waiting.until <= now) late.push_back(id);
    }
    for (const auto& id : late)
        answer(id, Error{Code::outcome_unknown, "the command was sent to another node, which has not answered; look up what became of it"});
    look();
}

void PostOffice::close() {
    std::unordered_map<std::string, Waiting> waiting;
    {
        const std::scoped_lock lock{mutex_};
        closed_ = true;
        waiting = std::exchange(waiting_, {});
    }
    for (const auto& [id, letter] : waiting)
        letter.done(Error{Code::outcome_unknown, "the engine stops; the command was sent to another node and is carried out there"});
}

}  // namespace kontor::runtime

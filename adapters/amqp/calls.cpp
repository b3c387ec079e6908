#include "amqp/calls.hpp"

#include <algorithm>

namespace kontor::amqp_client {

namespace {

using Failed = Reply::Target::Failed;
using Unknown = Reply::Target::Unknown;

/// A question without effect has no failure: its outcome is open as before.
ports::CallOutcome not_sent(bool is_query, const std::string& why) {
    if (is_query) return Unknown{why};
    return Failed{why};
}

}  // namespace

void Calls::give_all(Answers answers) {
    for (auto& [reply, outcome] : answers) ports::give(reply, std::move(outcome));
}

void Calls::add(Call call) {
    Answers answers;
    {
        const std::scoped_lock lock{mutex_};
        const std::string id = call.request.correlation_id;
        if (closed_) {
            answers.emplace_back(call.reply, not_sent(call.is_query, "the AMQP adapter does not run"));
        } else if (count_waiting_ >= most_waiting_) {
            const std::string why = std::to_string(most_waiting_) + " calls wait for the broker already";
            answers.emplace_back(call.reply, call.is_query ? ports::CallOutcome{Unknown{why}} : ports::CallOutcome{RetryLater{std::chrono::seconds{1}, why}});
        } else {
            if (const auto old = entries_.find(id); old != entries_.end()) {   // asked twice: the later one has somebody who waits
                answers.emplace_back(old->second.call.reply, Unknown{"another call has taken its place"});
                forget(old);
            }
            latest_[call.job] = id;
            latest_of_key_[call.request.message_id] = id;
            waiting_.push_back(id);
            ++count_waiting_;
            entries_.emplace(id, Entry{std::move(call)});
        }
    }
    give_all(std::move(answers));
}

void Calls::forget(Entries::iterator it) {
    if (it->second.at == At::waiting && --count_waiting_ == 0) waiting_.clear();
    if (it->second.at == At::sent) unconfirmed_.erase(it->second.tag);
    if (const auto job = latest_.find(it->second.call.job); job != latest_.end() && job->second == it->first) latest_.erase(job);
    if (const auto key = latest_of_key_.find(it->second.call.request.message_id); key != latest_of_key_.end() && key->second == it->first) latest_of_key_.erase(key);
    entries_.erase(it);
}

void Calls::cancel(JobKey job) {
    Answers answers;
    {
        const std::scoped_lock lock{mutex_};
        const auto latest = latest_.find(job);
        if (latest == latest_.end()) return;
        const auto it = entries_.find(latest->second);
        const bool is_sent = it->second.at != At::waiting;
        answers.emplace_back(it->second.call.reply, is_sent ? ports::CallOutcome{Unknown{"no answer in time"}}
                                                            : not_sent(it->second.call.is_query, "given up before the broker could be reached"));
        forget(it);
    }
    give_all(std::move(answers));
}

// ---- sending ----------------------------------------------------------------------------------------------------------------

bool Calls::send(std::size_t most_unconfirmed, const std::function<std::optional<std::uint64_t>(const Request&)>& send) {
    for (;;) {
        Request request;
        std::string id;
        {
            const std::scoped_lock lock{mutex_};
            if (unconfirmed_.size() >= most_unconfirmed) return true;
            auto it = entries_.end();
            while (!waiting_.empty()) {
                it = entries_.find(waiting_.front());
                if (it != entries_.end() && it->second.at == At::waiting) break;
                waiting_.pop_front();
            }
            if (waiting_.empty()) return true;
            id = std::exchange(waiting_.front(), {});
            waiting_.pop_front();
            // From here on it counts as sent: whoever cancels it meanwhile does not know that it was not.
            it->second.at = At::sent;
            --count_waiting_;
            request = it->second.call.request;
        }
        const auto tag = send(request);
        const std::scoped_lock lock{mutex_};
        const auto it = entries_.find(id);
        if (it == entries_.end() || it->second.at != At::sent) {
            if (!tag) return false;
            continue;
        }
        if (!tag) {
            it->second.at = At::waiting;
            ++count_waiting_;
            waiting_.push_front(id);
            return false;
        }
        it->second.tag = *tag;
        unconfirmed_.emplace(*tag, id);
    }
}

void Calls::settle_one(const std::string& id, bool is_refusal, Answers& answers) {
    const auto it = entries_.find(id);
    if (it == entries_.end()) return;   // answered before it was confirmed
    Entry& entry = it->second;
    if (!is_refusal && entry.returned.empty()) {
        entry.at = At::confirmed;
        entry.call.request.body.clear();
        return;
    }
    const std::string why = is_refusal ? "the broker refused the message" : entry.returned;
    entry.at = At::confirmed;   // its tag is settled
    answers.emplace_back(entry.call.reply, not_sent(entry.call.is_query, why));
    forget(it);
}

void Calls::settle(std::uint64_t tag, bool multiple, bool is_refusal) {
    Answers answers;
    {
        const std::scoped_lock lock{mutex_};
        const auto first = multiple ? unconfirmed_.begin() : unconfirmed_.find(tag);
        const auto last = unconfirmed_.upper_bound(tag);
        std::vector<std::string> ids;
        if (first != unconfirmed_.end())
            for (auto it = first; it != last; ++it) ids.push_back(std::move(it->second));
        if (first != unconfirmed_.end()) unconfirmed_.erase(first, last);
        for (const auto& id : ids) settle_one(id, is_refusal, answers);
    }
    give_all(std::move(answers));
}

void Calls::confirmed(std::uint64_t tag, bool multiple) { settle(tag, multiple, false); }
void Calls::refused(std::uint64_t tag, bool multiple) { settle(tag, multiple, true); }

void Calls::returned(const std::string& correlation_id, std::string why) {
    const std::scoped_lock lock{mutex_};
    if (const auto it = entries_.find(correlation_id); it != entries_.end()) it->second.returned = std::move(why);
}

void Calls::disconnected(const std::string& why) {
    Answers answers;
    {
        const std::scoped_lock lock{mutex_};
        const auto unconfirmed = std::exchange(unconfirmed_, {});
        std::vector<std::string> again;
        for (const auto& [tag, id] : unconfirmed) {
            const auto it = entries_.find(id);
            if (it == entries_.end()) continue;
            Entry& entry = it->second;
            if (!entry.returned.empty()) {
                answers.emplace_back(entry.call.reply, not_sent(entry.call.is_query, entry.returned));
            } else if (entry.call.is_query) {
                entry.at = At::waiting;
                ++count_waiting_;
                again.push_back(id);
                continue;
            } else {
                answers.emplace_back(entry.call.reply, Unknown{"the connection broke before the broker confirmed the message: " + why});
            }
            forget(it);
        }
        waiting_.insert(waiting_.begin(), again.begin(), again.end());
    }
    give_all(std::move(answers));
}

// ---- answers ----------------------------------------------------------------------------------------------------------------

std::optional<Reply> Calls::take(const Correlation& correlation, bool counts_for_all) {
    const std::scoped_lock lock{mutex_};
    auto it = entries_.find(correlation.text());
    if (it == entries_.end() && counts_for_all) {
        const auto other = latest_of_key_.find(correlation.key);
        if (other != latest_of_key_.end()) it = entries_.find(other->second);
        if (it != entries_.end() && it->second.call.is_query) it = entries_.end();
    }
    if (it == entries_.end()) return std::nullopt;
    Reply reply = it->second.call.reply;
    forget(it);
    return reply;
}

template <class F>
void Calls::fail_waiting_if(F condition, const std::string& why) {
    Answers answers;
    {
        const std::scoped_lock lock{mutex_};
        if (count_waiting_ == 0) return;
        for (auto it = entries_.begin(); it != entries_.end();) {
            const auto here = it++;
            if (here->second.at != At::waiting || !condition(here->second.call)) continue;
            answers.emplace_back(here->second.call.reply, not_sent(here->second.call.is_query, why));
            forget(here);
        }
    }
    give_all(std::move(answers));
}

SteadyTime Calls::expire(SteadyTime now, const std::string& why) {
    SteadyTime next = SteadyTime::max();
    fail_waiting_if(
        [&](const Call& call) {
            if (call.give_up <= now) return true;
            next = std::min(next, call.give_up);
            return false;
        },
        why);
    return next;
}

void Calls::fail_waiting(const std::string& why) {
    fail_waiting_if([](const Call& call) { return !call.is_query; }, why);
}

std::size_t Calls::unconfirmed() const {
    const std::scoped_lock lock{mutex_};
    return static_cast<std::size_t>(std::ranges::count_if(entries_, [](const auto& entry) { return entry.second.at != At::confirmed; }));
}

void Calls::close() {
    Answers answers;
    {
        const std::scoped_lock lock{mutex_};
        closed_ = true;
        for (auto& [id, entry] : entries_)
            answers.emplace_back(entry.call.reply, entry.at == At::waiting ? not_sent(entry.call.is_query, "the engine stops")
                                                                           : ports::CallOutcome{Unknown{"the engine stops"}});
        entries_.clear();
        latest_.clear();
        latest_of_key_.clear();
        waiting_.clear();
        unconfirmed_.clear();
        count_waiting_ = 0;
    }
    give_all(std::move(answers));
}

}  // namespace kontor::amqp_client

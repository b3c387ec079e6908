#include "runtime/commit/committer.hpp"

#include "runtime/commit/merge.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>

namespace kontor::runtime {
namespace {

constexpr Duration first_pause = std::chrono::milliseconds{20};
constexpr Duration longest_pause = std::chrono::seconds{2};
/// A batch that is larger is no faster, and keeps all others waiting.
constexpr std::size_t units_at_once = 2'000;
/// A store that has not answered for so long is in trouble: its server is cut off, or waits for a standby that is.
constexpr std::chrono::seconds longest_silence{5};

}  // namespace

Committer::Committer(ports::Store& store, Workshop& workshop, Meter meter, std::function<void(std::string_view)> tell)
    : store_{store}, workshop_{workshop}, meter_{std::move(meter)}, tell_{std::move(tell)} {}

void Committer::submit(CommitClient& client, Unit unit) {
    const std::scoped_lock lock{mutex_};
    waiting_.push_back({&client, std::move(unit)});
    if (std::exchange(writing_, true)) return;
    silent_since_ = std::chrono::steady_clock::now();
    boost::asio::post(workshop_.commits(), [this] { write_what_waits(); });
}

std::string Committer::trouble() const {
    const std::scoped_lock lock{mutex_};
    if (!trouble_.empty() || !writing_) return trouble_;
    const auto silence = std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - silent_since_);
    if (silence < longest_silence) return {};
    return "it has not answered for " + std::to_string(silence.count()) + " seconds";
}

void Committer::note_answer() {
    const std::scoped_lock lock{mutex_};
    silent_since_ = std::chrono::steady_clock::now();
}

void Committer::note_trouble(std::string why) {
    in_trouble_ = !why.empty();
    bool is_news = false;
    {
        const std::scoped_lock lock{mutex_};
        is_news = trouble_.empty() != why.empty();
        trouble_ = why;
    }
    if (is_news && tell_) tell_(why);
}

void Committer::write_what_waits() {
    for (;;) {
        Entries entries;
        {
            const std::scoped_lock lock{mutex_};
            if (waiting_.empty()) {
                writing_ = false;
                return;
            }
            entries.swap(waiting_);
        }
        for (std::size_t from = 0; from < entries.size(); from += units_at_once) {
            const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(from);
            const auto end = entries.begin() + static_cast<std::ptrdiff_t>(std::min(from + units_at_once, entries.size()));
            write({std::move_iterator{begin}, std::move_iterator{end}});
        }
    }
}

bool Committer::is_current(const Entry& entry) const {
    const auto it = failed_.find(entry.client);
    return it == failed_.end() || entry.unit.generation > it->second;
}

ports::CommitResult Committer::commit(const Entries& entries, std::size_t from, std::size_t to) {
    Merge merge;
    for (std::size_t i = from; i < to; ++i) merge.add(entries[i].unit.rows);
    ports::Batch batch = std::move(merge).take();
    batch.number = ++batches_;
    const auto began = std::chrono::steady_clock::now();
    for (Duration pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
        auto result = commit_and_look_up(batch);
        // The store is away and the batch is not to blame: it waits here, and the buckets fill up to where they refuse.
        if (const auto* away = std::get_if<ports::CommitUnavailable>(&result)) {
            note_trouble(away->why);
            meter_.add("kontor_commits_unavailable_total", 1);
            if (workshop_.pause(pause)) continue;
            return result;
        }
        if (in_trouble_) note_trouble({});
        if (std::holds_alternative<ports::Committed>(result)) {
            meter_.observe("kontor_commit_seconds", seconds(std::chrono::steady_clock::now() - began));
            meter_.observe("kontor_commit_steps", static_cast<double>(to - from));
        }
        return result;
    }
}

/// An unknown outcome is looked up, not guessed; the store waits behind a backend that may still be at it.
ports::CommitResult Committer::commit_and_look_up(const ports::Batch& batch) {
    ports::CommitResult result = store_.commit(batch);
    note_answer();
    const auto* unknown = std::get_if<ports::CommitUnknown>(&result);
    if (!unknown || batch.advances.empty()) return result;   // without a fence there is nothing to look it up by
    for (Duration pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
        try {
            const auto outcome = store_.outcome(batch);
            note_answer();
            switch (outcome) {
                case ports::Outcome::committed: return ports::Committed{};
                case ports::Outcome::absent: return ports::CommitUnavailable{unknown->why};
                case ports::Outcome::fenced: return result;
            }
        } catch (const std::exception& error) {
            note_trouble(unknown->why + "; what became of it cannot be looked up: " + error.what());
            if (!workshop_.pause(pause)) return result;
        }
    }
}

namespace {

/// Tells each client how many of its units are durable.
template <class Entries>
void tell_committed(const Entries& entries, std::size_t from, std::size_t to) {
    std::vector<std::pair<CommitClient*, std::size_t>> counts;   // few buckets: a list is quicker than a map
    for (std::size_t i = from; i < to; ++i) {
        const auto it = std::find_if(counts.begin(), counts.end(), [&](const auto& c) { return c.first == entries[i].client; });
        if (it == counts.end()) counts.emplace_back(entries[i].client, 1);
        else ++it->second;
    }
    for (const auto& [client, units] : counts) client->committed(units);
}

}  // namespace

void Committer::write(Entries entries) {
    std::erase_if(entries, [this](const Entry& entry) { return !is_current(entry); });
    if (entries.empty()) return;
    const auto result = commit(entries, 0, entries.size());
    if (std::holds_alternative<ports::Committed>(result)) return tell_committed(entries, 0, entries.size());
    const auto* unknown = std::get_if<ports::CommitUnknown>(&result);
    if (!unknown) return write_one_by_one(entries);
    for (const Entry& entry : entries) give_up(entry, true, unknown->why);   // once more could be twice
}

/// Something in the batch was refused: alone, every unit shows whether it is the one. The others go on.
void Committer::write_one_by_one(const Entries& entries) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const Entry& entry = entries[i];
        if (!is_current(entry)) continue;
        const auto result = commit(entries, i, i + 1);
        if (std::holds_alternative<ports::Committed>(result)) {
            tell_committed(entries, i, i + 1);
        } else if (std::holds_alternative<ports::Fenced>(result)) {
            give_up(entry, false, "another node has the bucket");
        } else if (const auto* refused = std::get_if<ports::CommitRefused>(&result)) {
            failed_[entry.client] = entry.unit.generation;
            entry.client->refused(refused->why);
        } else {
            give_up(entry, std::holds_alternative<ports::CommitUnknown>(result), "the store is away and the engine stops");
        }
    }
}

void Committer::give_up(const Entry& entry, bool may_be_written, std::string why) {
    if (!is_current(entry)) return;
    failed_[entry.client] = entry.unit.generation;
    entry.client->lost(may_be_written, std::move(why));
}

}  // namespace kontor::runtime

#include "runtime/bucket/inbox_desk.hpp"

#include "runtime/bucket/bucket.hpp"
#include "runtime/mail/signals.hpp"

#include <algorithm>

namespace kontor::runtime {
namespace {

constexpr std::size_t rows_at_once = 1'000;
/// That a row has been committed is known by then.
constexpr Duration longest_until_told = std::chrono::seconds{30};

}  // namespace

void InboxDesk::look_after() {
    if (!bucket_.is_here()) return;
    if (const Instant now = bucket_.shell().now(); now - found_turned_ >= longest_until_told) {
        found_turned_ = now;
        found_[1] = std::exchange(found_[0], {});
    }
    look();
}

void InboxDesk::look_behind(std::uint64_t arrival) {
    if (!bucket_.is_here()) return;
    if (arrival == 0 && looks_ > 0) {   // one look after this one sees all that is there by now
        look_again_ = true;
        return;
    }
    ++looks_;
    Shell& shell = bucket_.shell();
    bucket_.read([&store = shell.store, bucket = bucket_.number(), arrival] { return store.inbox(bucket, arrival, rows_at_once); },
                 [this, &shell, tenure = bucket_.tenure()](const Result<std::vector<ports::InboxRow>>& rows) {
                     const bool is_news = tenure == bucket_.tenure();
                     if (is_news && !rows) shell.log(LogLevel::error, std::string{"the inbox cannot be read: "} + rows.error().what(), {});
                     if (is_news && rows) take_up(*rows);
                     if (--looks_ == 0) {
                         done_.clear();
                         if (std::exchange(look_again_, false)) look();
                     }
                     if (!is_news || !rows || rows->size() < rows_at_once) return;
                     rest_ = std::min(rest_.value_or(rows->back().arrival), rows->back().arrival);
                     go_on();
                 });
}

/// Of many rows only so many are at work at a time, and in memory: the others wait in the store.
void InboxDesk::go_on() {
    if (rest_ && at_work_.size() < rows_at_once) look_behind(*std::exchange(rest_, std::nullopt));
}

/// A row that is read while it is consumed must not be taken for a new one.
void InboxDesk::is_done(const std::string& id) {
    at_work_.erase(id);
    if (looks_ > 0) done_.insert(id);
    go_on();
}

void InboxDesk::leave() {
    at_work_.clear();
    rest_.reset();
}

void InboxDesk::receive(const ports::InboxRow& row) {
    Shell& shell = bucket_.shell();
    if (!bucket_.is_here()) return shell.signals.tell({Signal::About::inbox, bucket_.number(), {}});
    // What others may have taken up and done before the bucket came here is looked for in the store.
    if (shell.signals.has_company() || row.sent <= bucket_.begun()) look();
    else if (at_work_.size() >= 2 * rows_at_once) rest_ = 0;   // it waits in the store with the others
    else if (!found_[0].contains(row.id) && !found_[1].contains(row.id)) take_up(row);   // a look was faster, and it may be done
}

void InboxDesk::take_up(const std::vector<ports::InboxRow>& rows) {
    for (const auto& row : rows) {
        if (done_.contains(row.id)) continue;
        found_[0].insert(row.id);
        take_up(row);
    }
}

}  // namespace kontor::runtime

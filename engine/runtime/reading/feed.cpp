#include "runtime/reading/feed.hpp"

#include "journal/encoding.hpp"
#include "journal/event_json.hpp"
#include "runtime/instance/live.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <charconv>

namespace kontor::runtime {
namespace {
constexpr std::size_t rows_at_once = 200;
constexpr std::size_t instances_known = 10'000;
constexpr Duration after_an_error = std::chrono::seconds{1};
}

Cursor cursor_of(const Places& places) {
    Cursor cursor;
    const auto append = [&](std::uint64_t number) {
        char digits[24];
        const auto end = std::to_chars(std::begin(digits), std::end(digits), number, 36);
        cursor.text.append(digits, end.ptr);
    };
    for (const auto& place : places) {
        if (!cursor.text.empty()) cursor.text += '.';
        append(place.sequence);
        if (place.told == 0) continue;
        cursor.text += '-';
        append(place.told);
    }
    return cursor;
}

Places places_of(const Cursor& cursor, std::uint32_t buckets) {
    Places places;
    const char* at = cursor.text.data();
    const char* end = at + cursor.text.size();
    const auto number = [&](std::uint64_t& to) {
        const auto [next, error] = std::from_chars(at, end, to, 36);
        at = next;
        return error == std::errc{};
    };
    bool good = true;
    while (good) {
        Place place;
        good = number(place.sequence) && (at == end || *at != '-' || (++at, number(place.told)));
        if (good) places.push_back(place);
        if (at == end) break;
        good = good && *at++ == '.';
    }
    if (!good || places.size() != buckets) throw Error{Code::bad_input, "\"" + cursor.text + "\" is no cursor of this store"};
    return places;
}

EventReader::Known& EventReader::known_before(const ports::JournalRow& row) {
    if (known_.size() > instances_known) known_.clear();
    Known& known = known_[row.instance];
    if (known.version && known.last == row.previous) return known;
    known = {};
    const auto instance = store_.instance(row.instance);
    if (!instance) return known;
    known.version = definitions_.by_id(instance->definition);
    if (!known.version) throw Error{Code::unavailable, "instance " + row.instance.str() + " runs " + instance->definition + ", which this engine does not know"};
    for (core::Position after; known.last < row.previous;) {
        const auto rows = store_.journal(row.instance, after, rows_at_once);
        for (const auto& earlier : rows) {
            if (earlier.position >= row.position) break;
            for (const auto& event : journal::decode(earlier.position, earlier.bytes).events) known.where.follow(known.version->process(), event);
            known.last = earlier.position.sequence;
            after = earlier.position;
        }
        if (rows.size() < rows_at_once) break;
    }
    return known;
}

std::vector<Event> EventReader::events(const ports::JournalRow& row) {
    Known& known = known_before(row);
    std::vector<Event> events;
    if (!known.version) return events;
    const model::Process& process = known.version->process();
    const core::Record record = journal::decode(row.position, row.bytes);
    std::string lines;
    std::vector<journal::EventJson::About> about;
    journal::EventJson{process}.write(record, known.where, lines, &about);
    known.last = row.position.sequence;
    std::size_t from = 0;
    for (std::size_t end = lines.find('\n'); end != std::string::npos; from = end + 1, end = lines.find('\n', from)) {
        const auto& what = about[events.size()];
        events.push_back({{}, row.instance, process.id, std::string{what.type}, std::string{what.element}, record.at, lines.substr(from, end - from)});
    }
    return events;
}

// ---- feeds ------------------------------------------------------------------------------------------------------------------

Feed::Feed(ports::Store& store, Definitions& definitions, Workshop& workshop, Places places, std::function<void(const Event&)> callback)
    : store_{store}, definitions_{definitions}, reader_{store, definitions}, workshop_{workshop}, callback_{std::move(callback)}, places_{std::move(places)} {}

void Feed::poke() {
    std::shared_ptr<void> alarm;   // that rang, or need not ring any more; forgotten outside the lock
    const std::scoped_lock lock{mutex_};
    alarm.swap(alarm_);
    poked_ = true;
    if (closed_ || std::exchange(reading_, true)) return;
    boost::asio::post(workshop_.reads(), [self = shared_from_this()] { self->read(); });
}

/// Reads the next rows of every bucket, hands them to the host, and goes on when he has taken them.
void Feed::read() {
    auto events = std::make_shared<std::vector<Event>>();
    {
        const std::scoped_lock lock{mutex_};
        poked_ = false;
    }
    bool more = false;
    bool failed = false;
    for (std::uint32_t bucket = 0; bucket < places_.size(); ++bucket) {
        try {
            more = read_bucket(bucket, *events) || more;
        } catch (const std::exception&) {
            failed = true;
        }
    }
    if (failed) learn();
    if (failed) {   // the store is away for the moment
        const std::scoped_lock lock{mutex_};
        alarm_ = workshop_.clock().alarm(workshop_.clock().now() + after_an_error, [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->poke();
        });
    }
    if (events->empty()) {
        const std::scoped_lock lock{mutex_};
        reading_ = false;
        if (!poked_ || closed_) return;
        reading_ = true;
        return boost::asio::post(workshop_.reads(), [self = shared_from_this()] { self->read(); });
    }
    {
        const std::scoped_lock lock{mutex_};
        poked_ = poked_ || more;
    }
    workshop_.callbacks().post([self = shared_from_this(), events] { self->tell(*events); });
}

/// Another node may have deployed what could not be read.
void Feed::learn() {
    try {
        definitions_.load(store_.deployments());
    } catch (const std::exception&) {   // the store is away, or this version too old
    }
}

bool Feed::read_bucket(std::uint32_t bucket, std::vector<Event>& events) {
    Place& place = places_[bucket];
    const auto rows = store_.journal_of_bucket(bucket, place.sequence, rows_at_once);
    for (const auto& row : rows) {
        auto found = reader_.events(row);
        const std::size_t told = row.position.sequence == place.sequence ? place.told : 0;
        for (std::size_t i = told; i < found.size(); ++i) {
            place = i + 1 < found.size() ? Place{row.position.sequence, i + 1} : Place{row.position.sequence + 1, 0};
            found[i].position = cursor_of(places_);
            events.push_back(std::move(found[i]));
        }
        place = {row.position.sequence + 1, 0};
    }
    return rows.size() == rows_at_once;
}

void Feed::tell(const std::vector<Event>& events) {
    for (const auto& event : events) {
        const std::scoped_lock calling{calling_};
        {
            const std::scoped_lock lock{mutex_};
            if (closed_) return;
        }
        try {
            callback_(event);
        } catch (...) {
            const std::scoped_lock lock{mutex_};
            closed_ = true;
            return;
        }
    }
    boost::asio::post(workshop_.reads(), [self = shared_from_this()] { self->read(); });
}

void Feed::close() {
    std::shared_ptr<void> alarm;   // forgotten outside the lock
    const std::scoped_lock calling{calling_};
    const std::scoped_lock lock{mutex_};
    closed_ = true;
    alarm.swap(alarm_);
}

void Feeds::add(const std::shared_ptr<Feed>& feed) {
    {
        const std::scoped_lock lock{mutex_};
        std::erase_if(feeds_, [](const auto& f) { return f.expired(); });
        feeds_.push_back(feed);
        any_ = true;
    }
    feed->poke();
}

void Feeds::close() {
    std::vector<std::weak_ptr<Feed>> feeds;
    {
        const std::scoped_lock lock{mutex_};
        feeds.swap(feeds_);
    }
    for (const auto& weak : feeds)
        if (const auto feed = weak.lock()) feed->close();
}

void Feeds::poke() {
    if (!any_) return;
    const std::scoped_lock lock{mutex_};
    for (const auto& weak : feeds_)
        if (const auto feed = weak.lock()) feed->poke();
}

}  // namespace kontor::runtime

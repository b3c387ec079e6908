#include "value/codec.hpp"

#include "value/calendar.hpp"
#include "value/decimal_parts.hpp"

#include <algorithm>

namespace kontor::codec {
using bytes::Reader;
using bytes::Writer;

namespace {

using Kind = Value::Kind;

// tag                      then (the words are those of bytes.hpp)
enum Tag : std::uint8_t {
    null = 0x00,
    false_ = 0x01,
    true_ = 0x02,
    wide_number = 0x03,      // two words: decimal128 in its BID form, for what `number` cannot hold
    string = 0x04,           // text
    date = 0x05,             // zigzag year, byte month, byte day
    time = 0x06,             // bytes hour, minute, second; varint nanosecond; byte zone: 0; 1, zigzag seconds; 2, text
    date_time = 0x07,        // as date, then as time
    days_duration = 0x08,    // zigzag seconds, zigzag nanoseconds
    months_duration = 0x09,  // zigzag months
    range = 0x0a,            // byte: 1 if the low end is closed, plus 2 if the high end is; the two ends as values
    list = 0x0b,             // varint count, values
    context = 0x0c,          // varint count, then name as text and value for each
    number = 0x20,           // 0x20 to 0x2f: zigzag coefficient of a number with scale 0 to 15
};
constexpr int largest_scale = 15;
constexpr std::size_t reserved_at_most = 64;   // memory grows with what has been read, not with what a count announces

bool is_valid(const Time& at) noexcept {
    const auto* offset = std::get_if<UtcOffset>(&at.zone);
    return at.hour < 24 && at.minute < 60 && at.second < 60 && at.nanosecond < 1'000'000'000 &&
           (!offset || (offset->seconds >= -64'800 && offset->seconds <= 64'800));
}

bool is_valid(const DaysDuration& length) noexcept {
    const bool same_sign = length.seconds >= 0 ? length.nanoseconds >= 0 || length.seconds == 0 : length.nanoseconds <= 0;
    return same_sign && length.nanoseconds > -1'000'000'000 && length.nanoseconds < 1'000'000'000;
}

void require(bool valid, const char* complaint) {
    if (!valid) throw Error{Code::bad_input, complaint};
}

/// The coefficient with its sign, if the short form holds it.
std::optional<std::int64_t> short_coefficient(const detail::Parts& parts) noexcept {
    constexpr auto limit = detail::uint128{1} << 63;
    if (parts.exponent > 0 || parts.exponent < -largest_scale || parts.coefficient >= limit) return std::nullopt;
    const auto coefficient = static_cast<std::int64_t>(parts.coefficient);
    return parts.negative ? -coefficient : coefficient;
}

void put(const Decimal& value, Writer& out) {
    const detail::Parts parts = detail::parts_of(value);
    if (const auto coefficient = short_coefficient(parts)) {
        out.byte(static_cast<std::uint8_t>(Tag::number - parts.exponent));
        out.zigzag(*coefficient);
    } else {
        out.byte(Tag::wide_number);
        out.word(value.bits().low);
        out.word(value.bits().high);
    }
}

void put_fields(const Date& value, Writer& out) {
    require(calendar::is_valid(value), "not a date of the calendar");
    out.zigzag(value.year);
    out.byte(value.month);
    out.byte(value.day);
}

void put_fields(const Time& value, Writer& out) {
    require(is_valid(value), "not a time of the day");
    out.byte(value.hour);
    out.byte(value.minute);
    out.byte(value.second);
    out.varint(value.nanosecond);
    out.byte(static_cast<std::uint8_t>(value.zone.index()));
    if (const auto* offset = std::get_if<UtcOffset>(&value.zone)) out.zigzag(offset->seconds);
    if (const auto* zone = std::get_if<ZoneName>(&value.zone)) out.text(zone->name);
}

void put(const Value& value, Writer& out);

void put(const Range& value, Writer& out) {
    out.byte(static_cast<std::uint8_t>((value.low_closed ? 1 : 0) + (value.high_closed ? 2 : 0)));
    put(value.low, out);
    put(value.high, out);
}

void put(const List& value, Writer& out) {
    out.varint(value.size());
    for (const Value& item : value) put(item, out);
}

void put(const Variables& value, Writer& out) {
    out.varint(value.size());
    for (const auto& [name, content] : value) {
        out.text(name);
        put(content, out);
    }
}

void put(const Value& value, Writer& out) {
    switch (value.kind()) {
        case Kind::null: return out.byte(Tag::null);
        case Kind::boolean: return out.byte(*value.if_boolean() ? Tag::true_ : Tag::false_);
        case Kind::number: return put(*value.if_number(), out);
        case Kind::string: return out.byte(Tag::string), out.text(*value.if_string());
        case Kind::date: return out.byte(Tag::date), put_fields(*value.if_date(), out);
        case Kind::time: return out.byte(Tag::time), put_fields(*value.if_time(), out);
        case Kind::date_time:
            out.byte(Tag::date_time);
            put_fields(value.if_date_time()->date, out);
            return put_fields(value.if_date_time()->time, out);
        case Kind::days_duration:
            require(is_valid(*value.if_days_duration()), "a duration whose parts differ in sign, or of a billion nanoseconds");
            out.byte(Tag::days_duration);
            out.zigzag(value.if_days_duration()->seconds);
            return out.zigzag(value.if_days_duration()->nanoseconds);
        case Kind::months_duration: return out.byte(Tag::months_duration), out.zigzag(value.if_months_duration()->months);
        case Kind::range: return out.byte(Tag::range), put(*value.if_range(), out);
        case Kind::list: return out.byte(Tag::list), put(*value.if_list(), out);
        case Kind::context: return out.byte(Tag::context), put(*value.if_context(), out);
        case Kind::function: throw Error{Code::bad_input, "a function cannot be stored"};
    }
}

template <class T>
T narrow(std::int64_t wide) {
    if (!std::in_range<T>(wide)) Reader::damaged("a number is too large");
    return static_cast<T>(wide);
}

Decimal take_wide_number(Reader& in) {
    const std::uint64_t low = in.word();
    const std::uint64_t high = in.word();
    const auto value = Decimal::from_bits({low, high});
    if (!value || value->bits() != Decimal::Bits{low, high} || short_coefficient(detail::parts_of(*value))) {
        Reader::damaged("not a number in its only form");
    }
    return *value;
}

Decimal take_number(Reader& in, int scale) {
    const std::int64_t coefficient = in.zigzag();
    if (coefficient == INT64_MIN) Reader::damaged("not a number in its only form");
    return detail::compose({static_cast<detail::uint128>(coefficient < 0 ? -coefficient : coefficient), -scale, coefficient < 0});
}

Date take_date(Reader& in) {
    Date value;
    value.year = narrow<std::int32_t>(in.zigzag());
    value.month = in.byte();
    value.day = in.byte();
    if (!calendar::is_valid(value)) Reader::damaged("not a date of the calendar");
    return value;
}

Time take_time(Reader& in) {
    Time value;
    value.hour = in.byte();
    value.minute = in.byte();
    value.second = in.byte();
    const std::uint64_t nanosecond = in.varint();
    value.nanosecond = static_cast<std::uint32_t>(std::min<std::uint64_t>(nanosecond, 1'000'000'000));   // which is not valid
    switch (in.byte()) {
        case 0: break;
        case 1: value.zone = UtcOffset{narrow<std::int32_t>(in.zigzag())}; break;
        case 2: value.zone = ZoneName{std::string{in.text()}}; break;
        default: Reader::damaged("not a zone");
    }
    if (!is_valid(value)) Reader::damaged("not a time of the day");
    return value;
}

DaysDuration take_days(Reader& in) {
    DaysDuration value;
    value.seconds = in.zigzag();
    value.nanoseconds = narrow<std::int32_t>(in.zigzag());
    if (!is_valid(value)) Reader::damaged("not a duration");
    return value;
}

/// `levels` more may nest.
Value take(Reader& in, std::size_t levels);

Range take_range(Reader& in, std::size_t levels) {
    const std::uint8_t closed = in.byte();
    if (closed > 3) Reader::damaged("not a range");
    Range value;
    value.low_closed = (closed & 1) != 0;
    value.high_closed = (closed & 2) != 0;
    value.low = take(in, levels);
    value.high = take(in, levels);
    return value;
}

List take_list(Reader& in, std::size_t levels) {
    std::vector<Value> items;
    const std::size_t count = in.count(1);
    items.reserve(std::min(count, reserved_at_most));
    while (items.size() < count) items.push_back(take(in, levels));
    return items;
}

Variables take_context(Reader& in, std::size_t levels) {
    std::vector<Variables::Entry> entries;
    const std::size_t count = in.count(2);
    entries.reserve(std::min(count, reserved_at_most));
    while (entries.size() < count) {
        std::string name{in.text()};
        entries.push_back({std::move(name), take(in, levels)});
    }
    Variables value{std::move(entries)};
    if (value.size() != count) Reader::damaged("a name stands twice in a context");
    return value;
}

Value take(Reader& in, std::size_t levels) {
    const std::uint8_t tag = in.byte();
    if (tag >= Tag::range && tag <= Tag::context && levels-- == 0) Reader::damaged("nested too deep");
    switch (tag) {
        case Tag::null: return nullptr;
        case Tag::false_: return false;
        case Tag::true_: return true;
        case Tag::wide_number: return take_wide_number(in);
        case Tag::string: return in.text();
        case Tag::date: return take_date(in);
        case Tag::time: return take_time(in);
        case Tag::date_time: {
            const Date day = take_date(in);
            return DateTime{day, take_time(in)};
        }
        case Tag::days_duration: return take_days(in);
        case Tag::months_duration: return MonthsDuration{in.zigzag()};
        case Tag::range: return take_range(in, levels);
        case Tag::list: return take_list(in, levels);
        case Tag::context: return take_context(in, levels);
        default: break;
    }
    if (tag >= Tag::number && tag <= Tag::number + largest_scale) return take_number(in, tag - Tag::number);
    Reader::damaged("not the tag of a value");
}

}  // namespace

void encode(const Value& value, std::string& out) {
    const std::size_t before = out.size();
    try {
        Writer writer{out};
        put(value, writer);
    } catch (...) {
        out.resize(before);
        throw;
    }
}

Value decode(Reader& in) { return take(in, max_nesting); }

Value decode(std::string_view& in) {
    Reader reader{in};
    Value value = decode(reader);
    in = reader.rest();
    return value;
}

}  // namespace kontor::codec

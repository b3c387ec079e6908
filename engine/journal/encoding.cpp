#include "journal/encoding.hpp"

#include "journal/error.hpp"
#include "journal/upgrade.hpp"

namespace kontor::journal {
namespace {

constexpr std::uint8_t format = 1;
constexpr std::size_t smallest_event = 3;   // number, version, length

/// Where decoding is, for messages.
struct Place {
    core::Position position;
    std::size_t event = 0;      // 1-based; 0 is before the first
    std::string_view name{};

    [[nodiscard]] std::string str() const {
        if (event == 0) return ": ";
        return ", event " + std::to_string(event) + (name.empty() ? "" : " (" + std::string{name} + ')') + ": ";
    }
    [[noreturn]] void newer(const std::string& what) const {
        throw NewerVersion{position, str() + what + " was written by a newer version of Kontor"};
    }
};

const Decoder& decoder_of(const Decoders& decoders, std::uint64_t number, std::uint64_t version, const Place& place) {
    if (const Decoder* decoder = decoders.find(number, version)) return *decoder;
    const std::string what = "event type " + std::to_string(number) + " version " + std::to_string(version);
    if (!decoders.knows(number, version)) place.newer(what);
    throw Damaged{place.position, place.str() + what + " never existed"};
}

core::Event take_event(bytes::Reader& in, FieldReader& fields, const Decoders& decoders, Place& place) {
    const auto number = in.varint();
    const auto version = in.varint();
    const Decoder& decoder = decoder_of(decoders, number, version, place);
    place.name = decoder.type.name;
    bytes::Reader content{in.text()};
    fields.continue_with(content);
    core::Event event = decoder.read(fields);
    if (!content.empty()) bytes::Reader::damaged("an event is longer than its fields");
    return event;
}

core::Record take_record(bytes::Reader& in, const Decoders& decoders, Place& place) {
    const auto stored_format = in.byte();
    if (stored_format > format) place.newer("format " + std::to_string(stored_format));
    if (stored_format != format) bytes::Reader::damaged("not a journal row");

    core::Record record;
    record.position = place.position;
    record.at = Instant{Duration{in.zigzag()}};
    const auto row = first_key(place.position);
    record.instance = {row + static_cast<std::uint64_t>(in.zigzag())};
    FieldReader fields{{row, record.instance.value, record.at}, in};
    for (auto left = in.count(smallest_event); left > 0; --left) {
        place = {place.position, place.event + 1};
        record.events.push_back(take_event(in, fields, decoders, place));
    }
    if (!in.empty()) bytes::Reader::damaged("they go on after the last event");
    return record;
}

}  // namespace

std::string encode(const core::Record& record) {
    const auto row = first_key(record.position);
    std::string out;
    bytes::Writer writer{out};
    writer.byte(format);
    writer.zigzag(record.at.time_since_epoch().count());
    writer.zigzag(static_cast<std::int64_t>(record.instance.value - row));
    writer.varint(record.events.size());

    std::string content;   // of one event; its memory serves all
    FieldWriter fields{{row, record.instance.value, record.at}, content};
    for (const auto& event : record.events) {
        const core::EventType type = core::type_of(event);
        content.clear();
        std::visit([&](const auto& e) { fields.fields(e); }, event);
        writer.varint(type.number);
        writer.varint(type.version);
        writer.text(content);
    }
    return out;
}

core::Record decode(core::Position position, std::string_view bytes, const Decoders& decoders) {
    Place place{position};
    try {
        bytes::Reader in{bytes};
        return take_record(in, decoders, place);
    } catch (const ReadError&) {
        throw;
    } catch (const UnknownName& unknown) {
        place.newer(unknown.what());
    } catch (const Error& error) {
        throw Damaged{position, place.str() + error.what()};
    }
}

core::Record decode(core::Position position, std::string_view bytes) { return decode(position, bytes, Decoders::released()); }

std::string to_string(core::Position position) { return std::to_string(position.bucket) + ':' + std::to_string(position.sequence); }

}  // namespace kontor::journal

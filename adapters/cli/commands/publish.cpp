#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/options.hpp"
#include "cli/store/place.hpp"
#include "value/json.hpp"

namespace kontor::cli {
namespace {

/// `NAME[@KEY][=JSON]`
Message read_message(const std::string& text) {
    const auto equals = text.find('=');
    const std::string head = text.substr(0, equals);
    const auto at = head.find('@');
    Message message{.name = head.substr(0, at)};
    if (message.name.empty()) throw UsageError{text + " names no message", "for example offer-answered@L-42={\"accepted\": true}"};
    if (at != std::string::npos) message.correlation_key = head.substr(at + 1);
    if (equals != std::string::npos) message.payload = read_context("publish", text.substr(equals + 1));
    return message;
}

std::string told(Published published) {
    switch (published) {
        case Published::correlated: return "an instance waits for it and gets it";
        case Published::started: return "it starts an instance";
        case Published::buffered: return "nobody waits for it: it is kept for its time to live";
        case Published::discarded: return "nobody waits for it, and it has no time to live: it is gone";
        case Published::duplicate: return "it was published before, with this id";
    }
    return {};
}

Exit perform(const Arguments& arguments, Console& console) {
    const std::string url = store_url(arguments);
    Message message = read_message(arguments.operands.front());
    if (const std::string* id = arguments.value("id")) message.message_id = *id;
    message.time_to_live = read_duration(arguments, "ttl", {});
    Published published{};
    as_owner(url, [&](Engine& engine) { published = engine.publish(std::move(message)); });
    if (arguments.has("json")) console.out.stream << json::write(Variables{{"published", to_string(published)}}) << '\n';
    else console.out.stream << to_string(published) << ": " << told(published) << '\n';
    return published == Published::discarded ? Exit::no : Exit::fine;
}

}  // namespace

Command publish_command() {
    return {.name = "publish",
            .operands = "NAME[@KEY][=JSON]",
            .fewest = 1,
            .most = 1,
            .summary = "publishes a message",
            .description = "KEY is the correlation key, JSON what the message carries. Says what became of it; the exit status is 1 if it was discarded.",
            .options = {store_option,
                        {"id", "ID", "the same id is delivered once, however often it is given"},
                        {"ttl", "DURATION", "how long it waits for somebody, such as PT1H; else as long as the processes declare"},
                        json_option},
            .perform = perform};
}

}  // namespace kontor::cli

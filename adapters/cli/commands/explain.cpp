#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/store/place.hpp"
#include "cli/store/words.hpp"
#include "value/json.hpp"

namespace kontor::cli {
namespace {

void print_state(const Output& out, const InstanceInfo& info, const runtime::Live& live, const std::vector<runtime::Waiting>& waits) {
    print_heading(out, info);
    switch (info.state) {
        case State::completed:
        case State::failed:
        case State::cancelled: out.stream << "  it has ended, " << moment(info.changed_at) << "; `kontor history` tells how\n"; return;
        case State::suspended: out.stream << "  nothing moves until `kontor resume " << info.key.str() << " --by USER`\n"; break;
        case State::cancelling:
            out.stream << "  it is being cancelled: what is under way is settled, what was done is undone\n";
            if (live.state.cancelling && !live.state.cancelling->reason.empty())
                out.stream << "  because: " << printable(live.state.cancelling->reason) << ", says " << printable(live.state.cancelling->by) << '\n';
            break;
        case State::running:
        case State::incident: break;
    }
    if (waits.empty()) out.stream << "  it waits for nothing: it goes on when `kontor serve` runs\n";
    print_waits(out, waits);
}

Exit perform(const Arguments& arguments, Console& console) {
    const auto key = read_key<InstanceKey>(arguments.operands.front());
    const OpenStore store{store_url(arguments)};
    const auto info = store.reader().find(key);
    if (!info) throw Refused{"there is no instance " + key.str()};
    const auto waits = runtime::explain(store.reader(), key);
    if (!arguments.has("json")) {
        print_state(console.out, *info, store.reader().read(key), waits);
        return Exit::fine;
    }
    Variables all = to_variables(*info);
    all.set("waits", to_values(waits));
    console.out.stream << json::write(all) << '\n';
    return Exit::fine;
}

}  // namespace

Command explain_command() {
    return {.name = "explain",
            .operands = "INSTANCE",
            .fewest = 1,
            .most = 1,
            .summary = "says why an instance is where it is",
            .description = "What each of its places waits for, since when and until when: calls and their attempts, people, messages with their correlation\n"
                           "keys, times, other branches, incidents with what probably helps. Events that only watch are told as `listens for`.",
            .options = {store_option, json_option},
            .perform = perform};
}

}  // namespace kontor::cli

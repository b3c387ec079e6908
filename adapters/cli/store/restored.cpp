#include "runtime/restored.hpp"

#include "cli/run/progress.hpp"
#include "cli/store/care.hpp"
#include "cli/store/place.hpp"
#include "store/open.hpp"
#include "value/json.hpp"

#include <optional>

namespace kontor::cli {
namespace {

constexpr std::string_view why = "the store was restored from a backup; what this instance did after it was taken is not known here";

std::unique_ptr<ports::Store> open_restored(const std::string& url) { return store::open_store(url, {.restored = true}); }

/// Halts all instances, after which nobody can make a key of the time that was lost.
runtime::Rewound rewind(const std::string& url, Console& console) {
    {
        const auto store = open_restored(url);
        store->skip_to(runtime::sequence_after_restore(*store, std::chrono::floor<Duration>(std::chrono::system_clock::now())));
    }
    Options options;
    options.store = {[url] { return open_restored(url); }};
    options.records_only = true;
    options.threads = 1;
    runtime::RestoredEngine engine{std::move(options)};
    engine.run();
    std::optional<run::Progress> bar;
    const auto rewound = engine.rewind(std::string{why}, [&](std::uint64_t done, std::uint64_t of) {
        if (!bar) bar.emplace(console.err, of, console.err.terminal);
        bar->show(done);
    });
    if (bar) bar->clear();
    engine.stop(std::chrono::seconds{10});
    return rewound;
}

}  // namespace

Exit look_after_restored(const Arguments& arguments, Console& console) {
    const std::string url = store_url(arguments);
    (void)OpenStore{url};   // one that is not there is not made
    const bool nothing_lost = arguments.has("nothing-lost");
    runtime::Rewound rewound;
    try {
        if (!nothing_lost) rewound = rewind(url, console);
        open_restored(url)->accept_restored();
    } catch (const Error& error) {
        throw WorldFailed{error.what()};
    }
    const std::uint64_t halted = rewound.halted + rewound.before;
    if (arguments.has("json")) {
        console.out.stream << json::write(Variables{{"halted", halted}, {"nothingLost", nothing_lost}}) << '\n';
    } else if (nothing_lost) {
        console.out.stream << "engines may run on this store again; nothing else was changed\n";
    } else {
        console.out.stream << halted << " instances have not ended and wait for a person: `kontor incidents`; engines may run on this store again\n";
    }
    return Exit::fine;
}

}  // namespace kontor::cli

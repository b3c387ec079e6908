#include "cli/store/place.hpp"

#include "cli/store/words.hpp"
#include "store/open.hpp"
#include "value/json.hpp"

#include <cstdlib>

namespace kontor::cli {
namespace {

/// A store that cannot be opened is the world's failure; a URL that names none is wrong usage.
template <class Open>
auto opened(const Open& open) {
    try {
        return open();
    } catch (const Error& error) {
        if (error.code() == Code::bad_input) throw UsageError{error.what()};
        throw WorldFailed{error.what()};
    }
}

void refuse_memory(const std::string& url) {
    if (url.starts_with("memory:"))
        throw UsageError{"memory: is gone with the process, so there is nothing in it", "for example --store sqlite:loans.db"};
}

}  // namespace

std::string store_url(const Arguments& arguments) {
    if (const std::string* url = arguments.value("store")) return *url;
    const char* url = std::getenv("KONTOR_STORE");
    if (url && *url) return url;
    throw UsageError{"--store is missing", "for example --store sqlite:loans.db, or KONTOR_STORE=sqlite:loans.db in the environment"};
}

OpenStore::OpenStore(const std::string& url) {
    refuse_memory(url);
    opened([&] {
        store::Options options;
        options.access = store::Access::reader;
        store_ = store::open_store(url, options);
        definitions_.load(store_->deployments());
        return 0;
    });
}

std::unique_ptr<Engine> open_engine(const std::string& url, Options options, Missing missing) {
    // A store that is not there is most likely one whose name is misspelt.
    if (missing == Missing::is_an_error) (void)OpenStore{url};
    options.store = {[url] { return store::open_store(url, {}); }};
    return opened([&] { return std::make_unique<Engine>(std::move(options)); });
}

void as_owner(const std::string& url, const std::function<void(Engine&)>& work) {
    Options options;
    options.records_only = true;
    options.threads = 1;
    const auto engine = open_engine(url, std::move(options), Missing::is_an_error);
    engine->run();
    work(*engine);
    engine->stop(std::chrono::seconds{2});
}

void tell_instance(const std::string& url, InstanceKey key, Variables answer, const Arguments& arguments, const Console& console) {
    const OpenStore store{url};
    const auto info = store.reader().find(key);
    if (!info) throw Error{Code::not_found, "there is no instance " + key.str()};
    const auto waits = runtime::explain(store.reader(), key);
    if (arguments.has("json")) {
        answer.set("instance", key.str());
        answer.set("process", info->process);
        answer.set("version", info->version);
        answer.set("state", to_string(info->state));
        answer.set("waits", to_values(waits));
        console.out.stream << json::write(answer) << '\n';
        return;
    }
    print_heading(console.out, *info);
    print_waits(console.out, waits);
    const auto needs_engine = [](const runtime::Waiting& w) {
        using enum runtime::Waiting::For;
        return w.what == service || w.what == retry || w.what == query || w.what == time;
    };
    if (std::any_of(waits.begin(), waits.end(), needs_engine))
        console.out.stream << console.out.styled(Style::faint, "services are called and timers fire when `kontor serve` runs on this store") << '\n';
}

InstanceKey instance_of(const std::string& url, std::uint64_t key, std::string_view what) {
    return OpenStore{url}.reader().instance_of(key, what);
}

}  // namespace kontor::cli

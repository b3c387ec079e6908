// Kills the engine at random instants, starts it again, and checks what is left.
#include "journal/encoding.hpp"
#include "kills/child.hpp"
#include "kills/violence.hpp"
#include "runtime/care/check.hpp"
#include "store/open.hpp"

#include <kontor/engine.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <sstream>

#include <unistd.h>

using namespace kontor;

namespace {

int failures = 0;
void check(bool holds, const std::string& what) {
    if (holds) return;
    ++failures;
    std::cerr << "FAILED: " << what << '\n';
}

std::vector<std::vector<std::string>> words_of(const std::filesystem::path& path) {
    std::vector<std::vector<std::string>> lines;
    std::ifstream in{path};
    for (std::string line; std::getline(in, line);) {
        std::istringstream words{line};
        lines.emplace_back(std::istream_iterator<std::string>{words}, std::istream_iterator<std::string>{});
    }
    return lines;
}

void check_clients(const std::filesystem::path& folder, int applications) {
    std::map<std::string, std::string> keys;
    for (const auto& line : words_of(folder / "started.log")) {
        const auto [it, is_new] = keys.emplace(line.at(0), line.at(1));
        check(it->second == line[1], "application " + line[0] + " was started as " + it->second + " and as " + line[1]);
    }
    check(static_cast<int>(keys.size()) == applications, "every start was answered");
}

/// Business keys of those that ended with the event.
std::set<std::string> ended_with(ports::Store& store, const runtime::Definitions& definitions, std::string_view end_event) {
    std::set<std::string> keys;
    for (const auto& row : store.instances({.limit = 10'000})) {
        const auto live = runtime::read_instance(store, definitions, row.key);
        if (live && live->state.end_event && live->version->process()[*live->state.end_event].id == end_event) keys.insert(row.business_key);
    }
    return keys;
}

/// Who has withdrawn has everything undone that was done for him, also what was under way.
void check_withdrawals(const std::vector<std::vector<std::string>>& calls, const std::set<std::string>& withdrawn) {
    const std::map<std::string, std::string> undoing{{"credit.check", "credit.cancel"},
                                                     {"funds.reserve", "funds.release"},
                                                     {"account.block", "account.unblock"},
                                                     {"funds.pay-out", "funds.recall"}};
    std::set<std::string> made;
    for (const auto& c : calls) made.insert(c.at(0) + ' ' + c.at(3));
    std::map<std::string, int> undone;
    for (const auto& [service, inverse] : undoing)
        for (const auto& key : withdrawn) {
            if (!made.contains(service + ' ' + key)) continue;
            check(made.contains(inverse + ' ' + key), service + " of " + key + " was not undone when it was withdrawn");
            ++undone[service];
        }
    std::cout << withdrawn.size() << " withdrawn; undone:";
    for (const auto& [service, count] : undone) std::cout << ' ' << count << ' ' << service;
    std::cout << '\n';
}

/// Returns how many calls there were.
std::size_t check_services(const std::filesystem::path& folder, const std::set<std::string>& withdrawn) {
    const std::set<std::string> recorded{"property.value", "funds.reserve", "funds.pay-out", "account.block"};   // before each attempt
    std::map<std::string, std::string> step;
    std::set<std::string> attempts, undone;
    const auto calls = words_of(folder / "calls.log");
    for (const auto& c : calls) {
        if (c.at(0) == "credit.cancel") undone.insert(c.at(3));
        if (!recorded.contains(c[0])) continue;
        check(attempts.insert(c[1] + ' ' + c.at(2)).second, c[0] + " was called twice in attempt " + c[2] + " of " + c[1]);
        const auto [it, is_new] = step.emplace(c[0] + ' ' + c[3], c[1]);
        check(it->second == c[1], c[0] + " of " + c[3] + " has two idempotency keys");
    }
    for (const auto& c : calls)
        if (c[0] == "property.value" && std::stoi(c.at(3).substr(2)) % 7 == 3 && !c[3].ends_with('4'))
            check(undone.contains(c[3]), "the credit check of " + c[3] + " was not undone");
    check_withdrawals(calls, withdrawn);
    return calls.size();
}

/// The engine may have stopped while a message that came too late was on its way back: it arrives with the next start.
void let_messages_arrive(const std::string& url) {
    Engine engine{{.store = store_at(url), .records_only = true}};
    engine.run();
    engine.stop(std::chrono::seconds{10});
}

/// Returns who has withdrawn.
std::set<std::string> check_store(const std::string& url, int applications) {
    const auto store = store::open_store(url);
    runtime::Definitions definitions;
    definitions.load(store->deployments());
    const auto rows = store->instances({.limit = 10'000});
    check(static_cast<int>(rows.size()) == applications, std::to_string(rows.size()) + " instances of " + std::to_string(applications));
    std::set<core::ElementKey> completed;
    for (const auto& row : rows) {
        check(row.phase == lifecycle::Instance::completed, row.business_key + " has not completed");
        for (const auto& entry : store->journal(row.key, {}, 10'000))
            for (const auto& event : journal::decode(entry.position, entry.bytes).events)
                if (const auto* done = std::get_if<core::JobCompleted>(&event)) check(completed.insert(done->key).second, "job " + done->key.str() + " was completed twice");
    }
    for (const auto& broken : runtime::verify_chains(*store).broken) check(false, broken.what);
    for (const auto& d : runtime::check_rows(*store, definitions).differences) check(false, d.table + ' ' + std::to_string(d.key) + ": " + d.what);
    for (std::uint32_t bucket = 0; bucket < store->info().buckets; ++bucket)
        for (const auto& row : store->inbox(bucket, 0, 10)) check(false, "the inbox holds " + row.id);
    return ended_with(*store, definitions, "withdrawn");
}

}  // namespace

int main(int argc, char** argv) try {
    int kills = 5;
    int nodes = 1;
    int failovers = 0;
    unsigned seed = std::random_device{}();
    std::string_view kind = "sqlite";
    for (int i = 1; i + 1 < argc; ++i) {
        const std::string_view flag = argv[i];
        if (flag == "--child") return test::run_child(argv[i + 1], std::atoi(argv[i + 2]), argv[i + 3], std::chrono::milliseconds{std::atoi(argv[i + 4])}), 0;
        if (flag == "--kills") kills = std::atoi(argv[i + 1]);
        if (flag == "--failovers") failovers = std::atoi(argv[i + 1]);
        if (flag == "--nodes") nodes = std::atoi(argv[i + 1]);
        if (flag == "--store") kind = argv[i + 1];
        if (flag == "--seed") seed = static_cast<unsigned>(std::strtoul(argv[i + 1], nullptr, 10));
    }
    const auto folder = std::filesystem::temp_directory_path() / ("kontor-kills-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    test::Load load{folder, std::min(900, 100 + 60 * (failovers ? 3 * failovers : kills)), "sqlite:" + (folder / "loans.db").string()};
    std::optional<test::ServerPair> servers;
    if (failovers) load.store = servers.emplace().url();
    else if (kind == "postgresql") load.store = test::Server::instance().url();
    std::mt19937 random{seed};
    std::string done;
    try {
        if (failovers) {
            done = std::to_string(nodes) + " nodes, " + test::fail_over_again_and_again(load, nodes, failovers, random, *servers);
        } else if (nodes == 1) {
            int killed = 0;
            test::kill_again_and_again(load, kills, random, killed);
            done = std::to_string(killed) + " kills";
        } else {
            load.lease = std::chrono::milliseconds{600};
            done = std::to_string(nodes) + " nodes, " + test::torment(load, nodes, kills, random, test::Server::instance());
        }
    } catch (const std::runtime_error& error) {
        check(false, error.what());
    }
    check_clients(folder, load.applications);
    let_messages_arrive(load.store);
    const auto withdrawn = check_store(load.store, load.applications);
    const std::size_t calls = check_services(folder, withdrawn);
    std::cout << done << ", " << load.applications << " applications, " << calls << " calls, " << failures << " failures; seed " << seed << '\n';
    if (failures)
        std::cerr << "again: test_kills --store " << kind << " --kills " << kills << " --nodes " << nodes << " --failovers " << failovers
                  << " --seed " << seed << "; what is left: " << folder.string() << '\n';
    else std::filesystem::remove_all(folder);
    return failures ? 1 : 0;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}

// test_simulation [--seeds N] [--from S] [--jobs J] [--events E] [--story 1]: lives through N clusters and tells the first that breaks a promise.
#include "simulation/world.hpp"

#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <iostream>
#include <mutex>
#include <string_view>
#include <thread>

using namespace kontor;

namespace {

struct Options {
    std::uint64_t seeds = 100;
    std::uint64_t from = 1;
    std::uint64_t jobs = 1;
    std::uint64_t events = 25;      ///< of each instance that a failure shows
    std::uint64_t story = 0;        ///< 1: what happens is told, also when all is well
    std::uint64_t repeat = 1;       ///< how often each seed is lived: it must come to the same
};

bool read(std::string_view text, std::uint64_t& into) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc{} && end == text.data() + text.size();
}

std::optional<Options> options_of(int count, char** words) {
    Options options;
    const std::map<std::string_view, std::uint64_t*> known = {{"--seeds", &options.seeds},   {"--from", &options.from},   {"--jobs", &options.jobs},
                                                              {"--events", &options.events}, {"--story", &options.story}, {"--repeat", &options.repeat}};
    for (int i = 1; i + 1 < count; i += 2) {
        const auto it = known.find(words[i]);
        if (it == known.end() || !read(words[i + 1], *it->second)) return std::nullopt;
    }
    return count % 2 == 1 && options.jobs > 0 ? std::optional{options} : std::nullopt;
}

void add(simulation::Report& all, const simulation::Report& one) {
    all.rows += one.rows, all.rows_before += one.rows_before, all.instances += one.instances, all.stuck += one.stuck, all.undone += one.undone, all.messages += one.messages;
    all.lives += one.lives, all.ghosts += one.ghosts;
    for (const auto& [phase, count] : one.phases) all.phases[phase] += count;
}

/// Once more, and aloud.
void tell(std::uint64_t seed, std::uint64_t events) {
    simulation::World world{seed};
    const Instant began = Instant{std::chrono::sys_days{std::chrono::March / 2 / 2026}};
    world.tell([began](Instant at, const std::string& what) {
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(at - began).count();
        std::cerr << "  " << ms / 1000 << "." << (ms / 100) % 10 << " s  " << what << "\n";
    });
    try {
        world.run();
        std::cerr << "seed " << seed << ": all is well\n";
    } catch (const std::exception& error) {
        std::cerr << "seed " << seed << ": " << error.what() << "\n\n" << world.story(events);
    }
}

class Days {
public:
    explicit Days(const Options& options) : options_{options}, next_{options.from} {}

    bool live() {
        std::vector<std::thread> crew;
        for (std::uint64_t i = 1; i < options_.jobs; ++i) crew.emplace_back([this] { work(); });
        work();
        for (auto& thread : crew) thread.join();
        if (progress_) std::cerr << "\r\033[K";
        if (failed_) std::cerr << "seed " << failed_->first << ": " << failed_->second << "\n";
        return !failed_;
    }
    [[nodiscard]] std::optional<std::uint64_t> failed() const { return failed_ ? std::optional{failed_->first} : std::nullopt; }
    [[nodiscard]] const simulation::Report& report() const noexcept { return all_; }

private:
    void work() {
        for (std::uint64_t seed = next_++; seed < options_.from + options_.seeds; seed = next_++) {
            try {
                simulation::Report report = simulation::World{seed}.run();
                for (std::uint64_t again = 1; again < options_.repeat; ++again)
                    if (simulation::World{seed}.run().digest != report.digest) throw test::Violation{"the same seed comes to something else"};
                const std::scoped_lock lock{mutex_};
                add(all_, report);
                if (progress_ && ++done_ % 50 == 0) std::cerr << "\r" << done_ << " of " << options_.seeds << " seeds" << std::flush;
            } catch (const std::exception& error) {
                const std::scoped_lock lock{mutex_};
                if (!failed_ || seed < failed_->first) failed_.emplace(seed, error.what());
                next_ = options_.from + options_.seeds;
            }
        }
    }

    const Options& options_;
    const bool progress_ = ::isatty(STDERR_FILENO) == 1;
    std::atomic<std::uint64_t> next_;
    std::mutex mutex_;
    simulation::Report all_;
    std::uint64_t done_ = 0;
    std::optional<std::pair<std::uint64_t, std::string>> failed_;
};

}  // namespace

int main(int count, char** words) {
    const auto options = options_of(count, words);
    if (!options) {
        std::cerr << "usage: " << words[0] << " [--seeds N] [--from S] [--jobs J] [--events E] [--story 1] [--repeat N]\n";
        return 2;
    }
    if (options->story) return tell(options->from, options->events), 0;
    const auto begin = std::chrono::steady_clock::now();
    Days days{*options};
    if (!days.live()) {
        tell(*days.failed(), options->events);
        std::cerr << "\nrepeat it: " << words[0] << " --from " << *days.failed() << " --seeds 1\n";
        return 1;
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    const auto& all = days.report();
    std::cout << options->seeds << " seeds from " << options->from << ": " << all.instances << " instances (";
    for (const auto& [phase, number] : all.phases) std::cout << number << " " << lifecycle::to_string(phase) << ", ";
    std::cout << all.stuck << " with an incident that stays), " << all.rows << " rows (" << all.rows_before
              << " as the release before wrote them), " << all.undone << " compensations, " << all.messages
              << " messages delivered, " << all.lives << " lives of engines, " << all.ghosts << " calls of ghosts; " << took.count() << " ms\n";
}

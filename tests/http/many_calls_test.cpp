// Thousands of slow calls, one thread.
#include "http/caller.hpp"
#include "http/slow_server.hpp"

#include <catch2/catch.hpp>

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <thread>

using namespace kontor;
using namespace kontor::test;
using namespace std::chrono_literals;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool counts_memory = false;   // the sanitizer has an allocator of its own
#else
constexpr bool counts_memory = true;
#endif

bool may_open(rlim_t files) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max < files) return false;
    limit.rlim_cur = std::max(limit.rlim_cur, files);
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

long threads() {
    std::ifstream status{"/proc/self/status"};
    for (std::string word; status >> word;) {
        long count = 0;
        if (word == "Threads:" && status >> count) return count;
    }
    return 0;
}

}  // namespace

TEST_CASE("five thousand calls wait for a slow service on one thread") {
    constexpr int calls = 5000;
    if (!may_open(calls + 100)) {
        std::cout << "skipped: this system allows too few open files\n";
        return;
    }
    SlowServer server{calls, 1s};
    std::thread{[] {}}.join();   // a sanitizer starts one of its own with the first
    const long threads_before = threads();
    const auto heap_before = ::mallinfo2().uordblks;
    Caller caller{{.base_url = server.url(), .connections = calls}};
    const auto started = std::chrono::steady_clock::now();
    std::vector<std::future<std::string>> answers;
    for (int n = 0; n < calls; ++n) {
        auto content = example_call();
        content.job = JobKey{static_cast<std::uint64_t>(n) + 1};
        answers.push_back(caller.begin(std::move(content)));
    }
    server.wait_until_full();
    const auto all_sent = std::chrono::steady_clock::now();
    const auto heap = ::mallinfo2().uordblks - heap_before;
    CHECK(threads() == threads_before + 1);
    for (auto& waiting : answers) REQUIRE(wait_for(waiting) == "done {}");
    const auto took = std::chrono::steady_clock::now() - started;

    std::cout << calls << " calls in flight: " << heap / calls << " bytes each, all sent after "
              << std::chrono::duration_cast<Duration>(all_sent - started).count() << " ms, answered after "
              << std::chrono::duration_cast<Duration>(took).count() << " ms\n";
    if (counts_memory) CHECK(heap / calls < 16'000);
}
